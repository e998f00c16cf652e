// How statements go to Cassandra.
import type { Ctx } from '@rondo/context'
import type { QueryOptions, types } from 'cassandra-driver'
import { createCalls, type CallOptions, type Calls } from '../engine/calls.ts'
import { isPassing, toCassandraError } from './cassandra-failure.ts'
import type { Connected } from './connect.ts'
import type { CassandraSettings } from './parse-cassandra-address.ts'

export type Statement = { query: string; params: unknown[] }

export type Session = Pick<Calls, 'check' | 'again'> & {
  /** One request that changes nothing when it is done twice. */
  execute(statement: Statement, options: QueryOptions, ctx: Ctx): Promise<types.ResultSet>
  /** Statements of one partition, which Cassandra applies as one. */
  batch(statements: Statement[], timestampUs: number, ctx: Ctx): Promise<unknown>
  /** A condition and a write, once and not again: what it throws is the library's own. */
  executeOnce(statement: Statement, ctx: Ctx): Promise<types.ResultSet>
  /** Once, and now. */
  ask(statement: Statement, ctx: Ctx): Promise<void>
  close(): Promise<void>
}

export function createSession({ client, shutDown }: Connected, settings: CassandraSettings, options: CallOptions): Session {
  const { check, again, send, ask, close } = createCalls({ ...settings, isPassing, toError: (thrown) => toCassandraError(thrown, settings.shown) }, options)
  return {
    check,
    again,
    execute: ({ query, params }, executeOptions, ctx) => again(ctx, () => send(ctx, () => client.execute(query, params, { ...executeOptions, isIdempotent: true }))),
    batch: (statements, timestamp, ctx) => again(ctx, () => send(ctx, () => client.batch(statements, { logged: false, timestamp, isIdempotent: true }))),
    executeOnce: ({ query, params }, ctx) => send(ctx, () => client.execute(query, params, { isIdempotent: false })),
    ask: ({ query, params }, ctx) => ask(ctx, () => client.execute(query, params, { isIdempotent: true })),
    close: () => close(shutDown),
  }
}
