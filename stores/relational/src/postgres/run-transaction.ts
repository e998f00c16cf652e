// A transaction tried until it is kept: again after a conflict, and after a lost connection when it is known that nothing was kept.
import { createLimit, createSerial } from '@rondo/async'
import { throwIfCancelled, type Ctx } from '@rondo/context'
import { AbortedTransactionError, type IsolationLevel, type Kysely, type Transaction } from 'kysely'
import { errors } from '../errors.ts'
import type { Attempt } from './attempt.ts'
import { findOutcome } from './find-outcome.ts'
import { CONFLICT_TRIES, type Sessions } from './sessions.ts'

export type TransactionOptions = {
  /** Sees what others have committed while it runs; for work that is alone by a lock of its own. */
  isolation?: IsolationLevel
  isPatient?: boolean
}

export type RunTransaction = <DB, T>(db: Kysely<DB>, work: (tx: Transaction<DB>) => Promise<T>, ctx: Ctx, options?: TransactionOptions) => Promise<T>

export function createRunTransaction(sessions: Sessions): RunTransaction {
  // One connection is always left for what transactions read past themselves.
  const first = createLimit(sessions.connections.settings.pool - 1)
  const second = createSerial()
  return async (db, work, ctx, { isolation = 'serializable', isPatient = false } = {}) => {
    throwIfCancelled(ctx)
    const { connections, attempts, awayLimitMs } = sessions
    if (connections.isClosed) throw errors.closed({ file: connections.settings.shown })
    if (attempts.getStore()?.phase === 'working') throw errors.writeOutside({ sql: 'begin' })
    let [conflicts, takenKeys] = [0, 0]
    let lostAt: number | undefined
    const run = (attempt: Attempt) => first(() => tryOnce(db, work, attempt, sessions, isolation), ctx)
    for (let tries = 1; ; tries += 1) {
      const attempt: Attempt = { ctx, isPatient, phase: 'before' }
      // What has lost against others goes one by one from then on.
      const result = await (conflicts === 0 ? run(attempt) : second(() => run(attempt), ctx))
      if (result.kept) return result.value
      throwIfCancelled(ctx)
      switch (attempt.failure) {
        case 'conflict':
          conflicts += 1
          if (conflicts >= CONFLICT_TRIES) throw errors.transactionConflict({ tries: conflicts }, result.thrown)
          break
        case 'key-taken':
          takenKeys += 1
          if (takenKeys > 1) throw result.thrown
          break
        case 'lost':
          lostAt ??= performance.now()
          if (attempt.phase === 'committing' && attempt.id !== undefined) {
            const outcome = await findOutcome(connections, attempt.id, awayLimitMs)
            if (outcome === 'kept' && result.worked) return result.value
            if (outcome === 'unknown') throw errors.commitUnknown({ shown: connections.settings.shown }, result.thrown)
          }
          if (performance.now() - lostAt >= awayLimitMs) throw result.thrown
          break
        case undefined:
          throw result.thrown
      }
      await sessions.pauseBefore(tries)
    }
  }
}

type Result<T> = { kept: true; value: T } | { kept: false; thrown: unknown; worked: true; value: T } | { kept: false; thrown: unknown; worked: false }

async function tryOnce<DB, T>(db: Kysely<DB>, work: (tx: Transaction<DB>) => Promise<T>, attempt: Attempt, { attempts }: Sessions, isolation: IsolationLevel): Promise<Result<T>> {
  let worked: { value: T } | undefined
  try {
    const value = await attempts.run(attempt, () =>
      db.transaction().setIsolationLevel(isolation).execute(async (tx) => {
        worked = { value: await work(tx) }
        return worked.value
      }),
    )
    return { kept: true, value }
  } catch (thrown) {
    // The work went on after a statement that had failed.
    const error = thrown instanceof AbortedTransactionError ? errors.transactionAborted({ sql: 'commit' }, thrown) : thrown
    return worked === undefined ? { kept: false, thrown: error, worked: false } : { kept: false, thrown: error, worked: true, value: worked.value }
  } finally {
    if (attempt.phase === 'working') attempt.phase = 'ended'
  }
}
