// Point reads and writes: the port, and the way to open it.
export type { Entry, Key, KeyValue, KeyValueCapabilities, KeyValueOptions, PutOptions } from './port.ts'
export { openKeyValue } from './open-key-value.ts'
