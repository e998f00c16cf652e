// What every service returns from `create(deps)`: its api, the dialects it speaks, its background jobs, and its end.
import type { Ctx, Principal } from '@rondo/context'
import type { Api, Contract } from './contract.ts'
import type { RawRoute } from './raw-route.ts'

/**
 * Background work. `run` does one bounded round and returns how much it did (0: nothing was due), so that a scheduler can call it
 * again at once while there is work, and a test can run all jobs until none is due. It must be safe to stop between or inside rounds.
 */
export type Job = {
  name: string
  /** Pause after a round that found nothing, in real milliseconds. */
  everyMs: number
  /**
   * Of work that changes no answer to people, for time that is simulated and goes fast: `ahead` settles with the rest and may begin before,
   * `behind` is waited for by nobody.
   */
  pace?: 'ahead' | 'behind'
  run(ctx: Ctx): Promise<number>
}

export type Service<C extends Contract = Contract> = {
  contract: C
  api: Api<C>
  raw?: RawRoute[]
  jobs?: Job[]
  /** Prometheus families of this room: asked at each scrape. */
  metrics?(): Metric[]
  /** Throws an AppError that says what is not ready. */
  ready?(ctx: Ctx): Promise<void>
  close(): Promise<void>
}

export type Metric = {
  name: string
  help: string
  type: 'counter' | 'gauge'
  samples: { labels?: Record<string, string>; value: number }[]
}

/** The typed client of another service: in this process when it runs here, else over HTTP. */
export type Peer = <C extends Contract>(contract: C) => Api<C>

/** Who sends these credentials; undefined when they are unknown or not of one of these kinds. Guesses of one `source` (an address) are slowed. */
export type Authenticate = (secret: string, kinds: Principal['kind'][], ctx: Ctx, source?: string) => Promise<Principal | undefined>

/** Structured log lines, one object each. */
export type Log = {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}
