// The context of a call.
export { createCtx, throwIfCancelled, withDeadline, type Ctx, type CtxInit, type Principal } from './context.ts'
