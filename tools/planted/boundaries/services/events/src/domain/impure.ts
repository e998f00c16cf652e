// Planted: a domain with a file system, a clock, chance and the inside of its store.
import { readFileSync } from 'node:fs'
import { row } from '../store/row.ts'

export const impure = (): unknown[] => [readFileSync('x'), row, Date.now(), Math.random(), new Date(), process.env]
