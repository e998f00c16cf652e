// Questions to begin with, made from the endpoints that are there.
import type { EndpointRow } from '@rondo/pipelines/contract'

export type Example = { title: string; sql: string }

const known: (Example & { needs: Record<string, string[]> })[] = [
  { title: 'Plays by where they came from', needs: { 'track-played': ['source'] }, sql: 'select source, count(*) as plays, count(distinct userId) as listeners\nfrom "track-played"\ngroup by source\norder by plays desc' },
  { title: 'Most played tracks', needs: { 'track-played': ['trackId'] }, sql: 'select trackId, sum(coalesce(plays, 1)) as plays, count(distinct userId) as listeners\nfrom "track-played"\ngroup by trackId\norder by plays desc\nlimit 20' },
  { title: 'Skips within 30 seconds', needs: { 'track-skipped': ['playedMs', 'source'] }, sql: 'select source, count(*) as skips, avg((playedMs < 30000)::int) as immediate\nfrom "track-skipped"\ngroup by source\norder by skips desc' },
  { title: 'Minutes a day', needs: { 'user-metrics-daily': ['minutes', 'day'] }, sql: 'select day, sum(minutes) as minutes, count(*) as listeners\nfrom "user-metrics-daily"\ngroup by day\norder by day' },
  { title: 'Strongest tastes', needs: { 'taste-weekly': ['score', 'userId', 'trackId'] }, sql: 'select userId, trackId, score\nfrom "taste-weekly"\norder by score desc\nlimit 20' },
  { title: 'Exposures by variant', needs: { 'flag-exposed': ['flag', 'variant', 'unit'] }, sql: 'select flag, variant, count(distinct unit) as units\nfrom "flag-exposed"\ngroup by all\norder by flag, variant' },
]

/** Those whose endpoints and columns are there and hold something; after them one of every other endpoint, six at most. */
export function listExamples(endpoints: readonly EndpointRow[]): Example[] {
  const byName = new Map(endpoints.map((row) => [row.name, row]))
  const holds = (row: EndpointRow | undefined): row is EndpointRow => row !== undefined && row.partitions > 0
  const good = known.filter(({ needs }) => Object.entries(needs).every(([name, columns]) => {
    const row = byName.get(name)
    return holds(row) && columns.every((column) => row.columns.some((one) => one.name === column))
  }))
  const named = new Set(good.flatMap(({ needs }) => Object.keys(needs)))
  const rest = endpoints.filter((row) => holds(row) && !named.has(row.name)).map((row): Example => ({ title: `The newest of ${row.name}`, sql: newestOf(row) }))
  return [...good.map(({ title, sql }) => ({ title, sql })), ...rest].slice(0, 6)
}

export function newestOf(row: EndpointRow, limit = 20): string {
  const time = row.columns.find((column) => column.name === 'occurredAt') ?? row.columns.find((column) => column.type === 'timestamp')
  return `select *\nfrom "${row.name}"${time === undefined ? '' : `\norder by ${time.name} desc`}\nlimit ${limit}`
}
