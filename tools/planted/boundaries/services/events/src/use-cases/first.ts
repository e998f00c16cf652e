// Planted: half of a circle, by a type only.
import type { Second } from './second.ts'

export type First = { second?: Second }
