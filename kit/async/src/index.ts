// How many pieces of work run at once.
export { createLimit, createSerial, type Limit } from './limit.ts'
export { createSemaphore, type Semaphore } from './semaphore.ts'
