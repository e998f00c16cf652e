// Point reads and writes: the port, and the way to open it.
export type { Entry, Key, KeyValue, KeyValueCapabilities, PutOptions } from './port.ts'
export { openKeyValue, type KeyValueOptions } from './open-key-value.ts'
