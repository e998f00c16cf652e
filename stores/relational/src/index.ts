// Transactional control-plane state: the port, its errors, and the way to open it.
export type { Lease, Migration, Relational, RelationalCapabilities } from './port.ts'
export { openRelational, type RelationalOptions } from './open-relational.ts'
