// Values that are unreadable without their key.
export { open, readKey, seal, type SealKey } from './seal.ts'
