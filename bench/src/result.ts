// What a benchmark answers with: one row a figure.

export type BenchResult = {
  /** What was measured, e.g. "ingest: events per CPU-second". */
  name: string
  /** As a person reads it, with its unit, e.g. "412,000 events/s". */
  figure: string
  /** What it is measured against, e.g. "JSON.parse of the same bytes". */
  reference?: string
  /** Of the value to the reference's. */
  ratio?: number
  /** What it has to reach, in words, e.g. "≥ 0.5". */
  mark?: string
  /** Whether it does; absent where there is no mark. */
  ok?: boolean
}

export type BenchOptions = {
  /** A tenth of the work, for a quick look; marks are for the whole. */
  small?: boolean
}

/** A module of `src/<room>/` is a benchmark when it exports this. */
export type BenchModule = { run(options?: BenchOptions): Promise<BenchResult[]> }

export function isBenchModule(loaded: unknown): loaded is BenchModule {
  return typeof loaded === 'object' && loaded !== null && 'run' in loaded && typeof loaded.run === 'function'
}
