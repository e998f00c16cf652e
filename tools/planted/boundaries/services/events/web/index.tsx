// Planted: a page that reaches into its service and into Node.
import { join } from 'node:path'
import { everything } from '../src/index.ts'

export const page = [join, everything]
