// Chance, passed in.
export { createRandom, createSystemRandom, type Random } from './random.ts'
