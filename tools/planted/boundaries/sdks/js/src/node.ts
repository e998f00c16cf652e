// Fine: what only servers load may use Node.
import { openSync } from 'node:fs'

export const store = openSync
