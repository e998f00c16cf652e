// The access room: who may call.
export { keysContract, type AuditRow, type Key, type KeyKind, type NewKey } from './contract.ts'
export { createAccessService, type AccessDeps, type AccessService } from './service.ts'
export type { GivenKeys, MadeKeys } from './use-cases/bootstrap-keys.ts'
