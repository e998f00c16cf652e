// How far the event log has been followed, and the writing that is under way: what makes following exactly once.
import type { Ctx } from '@rondo/context'
import type { KeyValue } from '@rondo/key-value'
import { decode, encode } from './json.ts'

// Listeners, turns and counts live in partitions of their own, which no store writes together. So a writing has a number, its epoch, and
// three steps: `begin` says how many events of each type it holds; the partitions are written, each with the epoch; `commit` moves the
// cursors. After a crash in between, exactly the announced events are read again, and a partition that carries the epoch already is left alone.
type State = {
  /** The last writing that was committed. */
  epoch: number
  /** Per event type: what it holds was read up to here. */
  cursors: Record<string, string>
  /** Events of the next writing, by type, when it has begun. */
  pending?: Record<string, number>
}

export type ProgressStore = {
  readonly epoch: number
  readonly cursors: ReadonlyMap<string, string>
  /** What a writing that was cut off had begun to write; undefined when there is none. */
  readonly pending: ReadonlyMap<string, number> | undefined
  begin(counts: ReadonlyMap<string, number>, ctx: Ctx): Promise<void>
  commit(cursors: ReadonlyMap<string, string>, ctx: Ctx): Promise<void>
}

const KEY = { partition: 'progress', sort: 'state' }

export async function openProgressStore(keyValue: KeyValue, ctx: Ctx): Promise<ProgressStore> {
  const bytes = await keyValue.get(KEY, ctx)
  let state: State = bytes === undefined ? { epoch: 0, cursors: {} } : decode<State>(bytes)
  const put = async (next: State): Promise<void> => {
    await keyValue.putMany([{ ...KEY, value: encode(next) }], {}, ctx)
    state = next
  }
  return {
    get epoch() {
      return state.epoch
    },
    get cursors() {
      return new Map(Object.entries(state.cursors))
    },
    get pending() {
      return state.pending === undefined ? undefined : new Map(Object.entries(state.pending))
    },
    begin: (counts) => put({ ...state, pending: Object.fromEntries(counts) }),
    commit: (cursors) => put({ epoch: state.epoch + 1, cursors: Object.fromEntries(cursors) }),
  }
}
