// What the sessions of one store share.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { createSerial, type Limit } from '@rondo/async'
import type { Random } from '@rondo/random'
import { createAnswerWatch, type AnswerWatch } from './answer-watch.ts'
import type { Attempt } from './attempt.ts'
import type { Connections } from './connections.ts'
import type { PgLibrary } from './load-pg.ts'
import { createStatementNames, type StatementNames } from './statement-names.ts'

export type Sessions = {
  readonly Query: PgLibrary['pg']['Query']
  readonly connections: Connections
  /** How long a lost engine is waited for. */
  readonly awayLimitMs: number
  /** Statements that lost against others go one by one, so that they do not lose against each other again. */
  readonly second: Limit
  /** Which attempt the running code is inside of. */
  readonly attempts: AsyncLocalStorage<Attempt>
  readonly watch: AnswerWatch
  readonly names: StatementNames
  /** Before try `count`, 1 and on: grows to 100 ms at most, and differs between processes. */
  pauseBefore(count: number): Promise<void>
}

/** Beyond the engine's own limit of a statement. */
const ANSWER_GRACE_MS = 5_000
/** How often what conflicts with others is tried. */
export const CONFLICT_TRIES = 12

export function createSessions({ pg }: PgLibrary, connections: Connections, options: { awayLimitMs: number; random: Random }): Sessions {
  return {
    Query: pg.Query,
    connections,
    awayLimitMs: options.awayLimitMs,
    second: createSerial(),
    attempts: new AsyncLocalStorage(),
    watch: createAnswerWatch(connections.settings.statementTimeoutMs + ANSWER_GRACE_MS),
    names: createStatementNames(),
    pauseBefore: (count) => pause(options.random.next() * Math.min(100, 2 ** count)),
  }
}
