// One query on its own connection, with an end: the deadline, or the caller's leaving.
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api'
import { throwIfCancelled, type Ctx } from '@rondo/context'
import { errors } from '../errors.ts'
import type { Parameters } from '../port.ts'
import { isInterrupt } from './duckdb-errors.ts'

/** An interrupt between two steps of a query is lost, therefore it is said again. */
const INTERRUPT_AGAIN_MS = 50

export type Ends = { timeoutMs: number; /** Aborted when the store closes; its reason is what the query fails with. */ closing: AbortSignal; ctx: Ctx }

/** Runs `work`, and aborts `ending` at its end: past `timeoutMs` it fails with `SQL_TIMEOUT`, when the caller leaves with `CANCELLED`. Errors of the engine pass through. */
export async function runWithin<T>(connection: DuckDBConnection, { timeoutMs, closing, ctx }: Ends, work: (check: () => void, ending: AbortSignal) => Promise<T>): Promise<T> {
  const end = new AbortController()
  let isLate = false
  let again: NodeJS.Timeout | undefined
  const interrupt = (): void => {
    end.abort()
    connection.interrupt()
    again ??= setInterval(() => connection.interrupt(), INTERRUPT_AGAIN_MS)
  }
  const timer = setTimeout(() => {
    isLate = true
    interrupt()
  }, timeoutMs)
  const check = (): void => {
    closing.throwIfAborted()
    throwIfCancelled(ctx)
    if (isLate) throw errors.timeout({ timeoutMs })
  }
  for (const signal of [ctx.signal, closing]) signal.addEventListener('abort', interrupt)
  try {
    check()
    return await work(check, end.signal)
  } catch (thrown) {
    if (end.signal.aborted || isInterrupt(thrown)) check()
    throw thrown
  } finally {
    clearTimeout(timer)
    clearInterval(again)
    for (const signal of [ctx.signal, closing]) signal.removeEventListener('abort', interrupt)
  }
}

/** A list gives `?` and `$1` in order; of a record each name is bound that the statement has. Throws `SQL_INVALID` for one without a value. */
export function bindParameters(statement: DuckDBPreparedStatement, params: Parameters): void {
  const count = statement.parameterCount
  if (Array.isArray(params) && params.length > count) {
    throw errors.badParameter({ parameter: `$${count + 1}`, reason: `is given, but the query has ${count} parameters` })
  }
  for (let index = 1; index <= count; index += 1) {
    const name = statement.parameterName(index)
    const value = Array.isArray(params) ? params[Number(name) - 1] : params[name]
    if (value === undefined) throw errors.badParameter({ parameter: `$${name}`, reason: 'has no value' })
    if (value === null) statement.bindNull(index)
    else if (typeof value === 'boolean') statement.bindBoolean(index, value)
    else if (typeof value === 'string') statement.bindVarchar(index, value)
    else if (Number.isSafeInteger(value)) statement.bindBigInt(index, BigInt(value))
    else statement.bindDouble(index, value)
  }
}
