// The insides that follow and remember, on any key-value store, with an event log that is an array.
import type { Api, Contract, Peer } from '@rondo/contract'
import { AppError } from '@rondo/errors'
import type { EventRow, EventsContract } from '@rondo/events/contract'
import type { KeyValue } from '@rondo/key-value'
import { openObjects } from '@rondo/objects'
import { openRelational } from '@rondo/relational'
import { toIso, type Clock } from '@rondo/time'
import { migrations } from '../migrations/index.ts'
import type { Parts } from '../src/parts.ts'
import { openItemStore } from '../src/store/item-store.ts'
import { createListStore } from '../src/store/list-store.ts'
import { openListenerStore } from '../src/store/listener-store.ts'
import { createModelStore, type RecommendationsDb } from '../src/store/model-store.ts'
import { openProgressStore } from '../src/store/progress-store.ts'
import { openPlayCounts } from '../src/use-cases/count-plays.ts'
import { openTurns } from '../src/use-cases/measure-turn.ts'
import { ctx, quiet } from './open-house.ts'

/** A log of events by type; types without an entry are unknown. Cursors are opaque on purpose. */
export class FakeEvents {
  readonly logs = new Map<string, EventRow[]>()
  reads = 0

  append(type: string, userId: string | null, occurredMs: number, properties: Record<string, unknown>): void {
    const log = this.logs.get(type) ?? []
    this.logs.set(type, log)
    const at = toIso(occurredMs)
    log.push({ id: `${type}-${log.length}`, type, userId, anonymousId: null, occurredAt: at, receivedAt: at, properties, cursor: `behind ${String.fromCharCode(97 + (log.length % 26))} ${log.length}` })
  }

  readonly peer: Peer = <C extends Contract>(contract: C): Api<C> => {
    if (contract.service !== 'events') throw new AppError({ code: 'UNREACHABLE', kind: 'unavailable', message: contract.service })
    const client: Pick<Api<EventsContract>, 'readEvents'> = {
      readEvents: async ({ type, after, limit = 100 }) => {
        this.reads += 1
        const log = this.logs.get(type)
        if (log === undefined) throw new AppError({ code: 'TYPE_UNKNOWN', kind: 'not-found', message: type })
        const from = after === undefined ? 0 : log.findIndex(({ cursor }) => cursor === after) + 1
        const rows = log.slice(from, from + limit)
        return { rows, next: rows.at(-1)?.cursor ?? after ?? '' }
      },
    }
    return client as Api<C>
  }
}

export async function openParts(keyValue: KeyValue, peer: Peer, clock: Clock): Promise<Parts> {
  const relational = await openRelational<RecommendationsDb>('sqlite::memory:')
  await relational.migrate(migrations, ctx)
  const lists = createListStore(keyValue)
  return {
    clock,
    log: quiet,
    peer,
    lists,
    progress: await openProgressStore(keyValue, ctx),
    listeners: await openListenerStore(keyValue, ctx),
    items: await openItemStore(keyValue, ctx),
    models: createModelStore(relational, await openObjects('memory:')),
    turns: await openTurns(keyValue, lists, ctx),
    playCounts: await openPlayCounts(keyValue, ctx),
    unmeasured: [],
    live: { model: undefined },
  }
}
