// Writing over an expected value: one condition by Paxos, whose outcome is found out when the answer is lost.
//
//   read, serially ─→ not the expected value: false
//        │  it is: pin what removeExpired could clear away
//        ▼
//   UPDATE … IF written_us and agreed_by are still what was read ─→ applied: true
//        │  not applied, or nobody knows
//        └─→ read again: our id is in agreed_by: true; else from the top, with the same id
//
// A request that was lost on its way may still arrive: its condition fails as soon as anything has changed, and while nothing has, the next try is the same write.
import { throwIfCancelled, type Ctx } from '@rondo/context'
import type { types } from 'cassandra-driver'
import { errors } from '../errors.ts'
import type { Entry } from '../port.ts'
import type { CassandraLibrary } from './load-cassandra.ts'
import type { Session } from './session.ts'
import { NEVER, findValue, isAgreed, toStoredRow, type StoredRow, type Table } from './table.ts'

export type PutIfParts = { library: CassandraLibrary; session: Session; table: Table; nowMs: () => number; shown: string; serial: types.consistencies }

type AgreedRow = StoredRow & { agreedBy: string[] }

/** So many putIfs of others may follow before the answer to a lost one cannot be known any more. */
const KEPT_IDS = 16

/** The entry's value must not change while this runs. Throws `OUTCOME_UNKNOWN`. */
export async function putIf({ library, session, table, nowMs, shown, serial }: PutIfParts, entry: Entry, expected: Uint8Array | undefined, ctx: Ctx): Promise<boolean> {
  const key = [entry.partition, entry.sort]
  const id = library.types.Uuid.random()
  /** What stood there when a condition was sent whose answer is missing. */
  let unanswered: AgreedRow | undefined

  const read = async (): Promise<AgreedRow> => toAgreedRow((await session.execute({ query: table.readAgreed, params: key }, { consistency: serial }, ctx)).first())
  /** One microsecond above the write it belongs to, so that only a later write moves it, and not removeExpired, which deletes by the timestamp of the write. */
  const pin = async (writtenUs: number): Promise<void> => {
    await session.execute({ query: table.pin, params: [writtenUs, ...key] }, { timestamp: writtenUs + 1 }, ctx)
  }

  return session.again(ctx, async () => {
    for (;;) {
      throwIfCancelled(ctx)
      const row = await read()
      if (unanswered !== undefined) {
        if (row.agreedBy.includes(id.toString())) return true
        if (mayHaveBeenReplaced(unanswered, row)) throw errors.outcomeUnknown({ partition: entry.partition, sort: entry.sort, shown })
      }
      if (!isEqual(findValue(row, nowMs()), expected)) return false
      if (row.expiresMs !== NEVER && !isAgreed(row)) await pin(row.writtenUs ?? 0)
      const ids = [id.toString(), ...row.agreedBy].slice(0, KEPT_IDS)
      const before = unanswered
      unanswered = row
      const outcome = await session.executeOnce({ query: table.agree, params: [entry.value, row.writtenUs ?? 0, ids, ...key, row.writtenUs ?? null, row.agreedBy.length === 0 ? null : row.agreedBy] }, ctx)
      if (outcome.wasApplied()) return true
      // It was refused, and is known to be; what went before it is not.
      unanswered = before
    }
  })
}

function toAgreedRow(row: types.Row | null): AgreedRow {
  if (row === null) return { value: null, expiresMs: NEVER, writtenUs: undefined, agreed: null, agreedOverUs: undefined, agreedBy: [] }
  return { ...toStoredRow(row), agreedBy: ((row['agreed_by'] ?? []) as types.Uuid[]).map(String) }
}

/** A lost condition is in no list of ids. That says that it was not applied, as long as the list goes back to what stood there before. */
function mayHaveBeenReplaced(before: AgreedRow, now: AgreedRow): boolean {
  const [newestBefore] = before.agreedBy
  return newestBefore === undefined ? now.agreedBy.length === KEPT_IDS : !now.agreedBy.includes(newestBefore)
}

function isEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0
}
