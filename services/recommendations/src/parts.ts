// What the verbs of this room work with.
import type { Log, Peer } from '@rondo/contract'
import type { CsrMatrix } from '@rondo/numerics'
import type { Clock } from '@rondo/time'
import type { ItemStore } from './store/item-store.ts'
import type { ListStore } from './store/list-store.ts'
import type { ListenerStore } from './store/listener-store.ts'
import type { ModelStore } from './store/model-store.ts'
import type { ProgressStore } from './store/progress-store.ts'
import type { PlayCounts } from './use-cases/count-plays.ts'
import type { LiveModel } from './use-cases/live-model.ts'
import type { Turns } from './use-cases/measure-turn.ts'

/** A trained model whose quality is not known yet, and what it learned from. */
export type Unmeasured = { version: string; matrix: CsrMatrix; /** Tries that failed. */ failures?: number }

export type Parts = {
  clock: Clock
  log: Log
  peer: Peer
  progress: ProgressStore
  listeners: ListenerStore
  items: ItemStore
  lists: ListStore
  models: ModelStore
  turns: Turns
  playCounts: PlayCounts
  /** Trained in this process, newest last. */
  unmeasured: Unmeasured[]
  live: { model: LiveModel | undefined }
}
