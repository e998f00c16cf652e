// What the verbs of this room work with.
import type { Log, Peer } from '@rondo/contract'
import type { FactorIndex } from '@rondo/numerics'
import type { Clock } from '@rondo/time'
import type { ItemStore } from './store/item-store.ts'
import type { ListStore } from './store/list-store.ts'
import type { ListenerStore } from './store/listener-store.ts'
import type { Factors, ModelStore, ModelTable } from './store/model-store.ts'
import type { PlayCounts } from './use-cases/count-plays.ts'
import type { Turns } from './use-cases/measure-turn.ts'

/** A model in memory, ready to answer. */
export type LiveModel = {
  row: ModelTable
  factors: Factors
  userAt: Map<string, number>
  itemAt: Map<string, number>
  index: FactorIndex
  /** Items by their number of listeners, most first. */
  popular: { trackId: string; score: number }[]
}

export type Parts = {
  clock: Clock
  log: Log
  peer: Peer
  listeners: ListenerStore
  items: ItemStore
  lists: ListStore
  models: ModelStore
  turns: Turns
  playCounts: PlayCounts
  live: { model: LiveModel | undefined }
}
