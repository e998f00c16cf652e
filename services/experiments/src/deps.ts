// What this service needs, and what its use cases share.
import type { Authenticate, Log, Peer } from '@rondo/contract'
import type { Ids } from '@rondo/ids'
import type { Relational } from '@rondo/relational'
import type { Clock } from '@rondo/time'
import type { FindBounds } from './domain/readout/compute-metrics.ts'
import type { FlagSet } from './flag-set.ts'
import type { LookSchedule } from './look-schedule.ts'
import type { ExperimentsDatabase } from './store/tables.ts'

export type ExperimentsDeps = {
  clock: Clock
  /** The machine's time, also where `clock` is a simulated world's: for what people and machines hold in hand (ADR 0003). */
  wallClock: Clock
  ids: Ids
  log: Log
  peer: Peer
  authenticate: Authenticate
  relational: Relational<ExperimentsDatabase>
  /** Its salt assigns units to the 1,000,000 buckets of the population; "rondo" when absent. */
  account?: string
}

/** The service's own state beside its store: what is in force, and what is due. */
export type Room = ExperimentsDeps & { flags: FlagSet; schedule: LookSchedule; findBounds: FindBounds }
