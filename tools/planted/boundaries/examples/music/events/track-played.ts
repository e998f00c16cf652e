// Planted: a definition that imports more than rondo.
import { Type } from 'typebox'

export default Type.String()
