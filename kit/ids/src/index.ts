// Identifiers, passed in.
export { createIds, type Ids } from './uuid-v7.ts'
