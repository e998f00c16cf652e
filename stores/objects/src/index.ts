// Large immutable objects: port and drivers by URL.
export { openObjects, type OpenObjectsOptions } from './open.ts'
export type { Capabilities, ObjectInfo, Objects } from './port.ts'
