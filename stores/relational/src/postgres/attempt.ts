// One try of a transaction: what its statements note down, so that whoever started it knows what may be done after a failure.
import type { Ctx } from '@rondo/context'

export type Attempt = {
  readonly ctx: Ctx
  /** Its statements may take as long as the engine lets them. */
  readonly isPatient: boolean
  /** `committing`: from here on only the engine knows how it ends. */
  phase: 'before' | 'working' | 'committing' | 'ended'
  /** Why it cannot be kept, whatever its work makes of the error. */
  failure?: 'conflict' | 'key-taken' | 'lost'
  /** The engine's number of this transaction, and the run of the engine in which it means something. */
  id?: { transaction: string; incarnation: string }
}
