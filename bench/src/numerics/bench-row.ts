// The shape of one printed line of a benchmark.

export type BenchOptions = {
  /** A tenth of the work. */
  small?: boolean
}

export type BenchRow = {
  name: string
  figure: string
  /** How many times faster than the reference measured in the same run. */
  ratio: number
  reference: string
  /** What this figure has to hold. */
  mark?: string
}

export function printRows(rows: readonly BenchRow[]): void {
  for (const { name, figure, ratio, reference, mark } of rows) {
    console.log(`${name.padEnd(52)} ${figure.padEnd(48)} ${ratio.toFixed(1)} x ${reference}${mark ? ` (${mark})` : ''}`)
  }
}

export function computeMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
