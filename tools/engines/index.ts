// Engines for tests: the address of a running one, or one of the test's own.
export { createAuthority, type Authority } from './certificates.ts'
export type { EngineName, ServerCertificate } from './engine.ts'
export { engineUrl, type EngineAddress } from './engine-url.ts'
export { findSoftware, startEngine, type StartedEngine, type StartEngineOptions } from './start-engine.ts'
export { smallDiskSkip } from './small-disk.ts'
