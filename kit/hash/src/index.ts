// Hashing: assignment buckets and fingerprints.
export { createHasher, type Hash64, type Hasher } from './murmur3.ts'
export { fingerprint } from './fingerprint.ts'
