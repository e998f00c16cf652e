// Who watches the live view: counts by type since the last look, and a sample of what was accepted.

export type Sample = { type: string; receivedAtMs: number; record: { value: Uint8Array; headers?: Record<string, string> } }

export type LiveHub = {
  watchers: number
  /** Called for every run of accepted events; keeps the last one as sample, when somebody watches. */
  note(type: string, count: number, toSample: () => Sample): void
  /** Accepted by type since the process began. */
  totals(): ReadonlyMap<string, number>
  takeSamples(): Sample[]
}

const MAX_SAMPLES = 12

export function createLiveHub(): LiveHub {
  const totals = new Map<string, number>()
  let samples: Sample[] = []
  return {
    watchers: 0,
    note(type, count, toSample) {
      totals.set(type, (totals.get(type) ?? 0) + count)
      if (this.watchers === 0) return
      if (samples.length >= MAX_SAMPLES) samples.shift()
      const sample = toSample()
      // A copy: the sample must not keep a whole request alive.
      samples.push({ ...sample, record: { ...sample.record, value: Uint8Array.from(sample.record.value) } })
    },
    totals: () => new Map(totals),
    takeSamples() {
      const taken = samples
      samples = []
      return taken
    },
  }
}
