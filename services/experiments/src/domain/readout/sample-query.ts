// The one query of a look: exposures joined with the metrics' endpoints, summed to moments by arm inside the engine.
//
//   first  unit, variant → first exposure          several variants → counted apart, in no arm
//   alone  unit → its variant and the day it entered
//   mN     unit → sums of an endpoint's columns from that day to the look's day
//   result variant → units, Σy and Σy² of each metric (for a proportion: y is 1 when the sum is above zero), by Kahan's summation, so
//          that their difference keeps its digits
import type { ExperimentDefinition, MetricDefinition } from '../../contract.ts'
import type { Moments } from '../statistics/moments.ts'
import type { Sample } from './sample.ts'

export type SampleQuery = { sql: string; params: string[] }

/** `startedAt` and `end` are ISO instants (exposures in between count), `day` is the last day of metrics. */
export function buildSampleQuery(definition: ExperimentDefinition, metrics: readonly MetricDefinition[], period: { startedAt: string; end: string; day: string }): SampleQuery {
  const sources = groupBySource(metrics)
  const tables = sources.map(
    ({ endpoint, unit, columns }, s) => `m${s} as (
  select a.unit, ${columns.map(({ column }, c) => `sum(coalesce(m.${quote(column)}, 0))::double as c${c}`).join(', ')}
  from alone a join ${quote(endpoint)} m on m.${quote(unit)}::varchar = a.unit
  where strftime(m."day"::date, '%Y-%m-%d') between a.day and $5
  group by a.unit
)`,
  )
  const value = (metric: MetricDefinition): string => {
    const s = sources.findIndex((source) => source.endpoint === metric.endpoint && source.unit === metric.unit)
    const c = sources[s]?.columns.findIndex(({ column }) => column === metric.column) ?? 0
    return metric.type === 'proportion' ? `case when m${s}.c${c} > 0 then 1.0 else 0.0 end` : `coalesce(m${s}.c${c}, 0)`
  }
  const sums = metrics.flatMap((metric, i) => [`fsum(${value(metric)}) as s${i}`, `fsum((${value(metric)}) * (${value(metric)})) as q${i}`])
  const nulls = metrics.flatMap(() => ['null', 'null'])
  const sql = `with first as (
  select unit::varchar as unit, variant, min("occurredAt") as entered_at
  from "flag-exposed"
  where flag = $1 and rule = $2 and "occurredAt" >= $3::timestamp and "occurredAt" < $4::timestamp
  group by all
), entered as (
  select unit, min(variant) as variant, count(*) as variants, strftime(min(entered_at), '%Y-%m-%d') as day from first group by unit
), alone as (
  select unit, variant, day from entered where variants = 1 and $5 is not null
)${tables.map((table) => `, ${table}`).join('')}
select a.variant as variant, count(*)::bigint as units${sums.map((sum) => `, ${sum}`).join('')}
from alone a ${sources.map((_, s) => `left join m${s} on m${s}.unit = a.unit`).join(' ')}
group by a.variant
union all
select null, count(*)::bigint${nulls.map((none) => `, ${none}`).join('')} from entered where variants > 1`
  return { sql, params: [definition.flag, definition.id, toTimestamp(period.startedAt), toTimestamp(period.end), period.day] }
}

export function readSample(metrics: readonly MetricDefinition[], rows: readonly Record<string, unknown>[]): Sample {
  const sample: Sample = { arms: [], inSeveralVariants: 0 }
  for (const row of rows) {
    const units = Number(row['units'])
    if (row['variant'] === null) {
      sample.inSeveralVariants = units
      continue
    }
    const moments: Record<string, Moments> = {}
    for (const [i, metric] of metrics.entries()) moments[metric.name] = { n: units, sum: Number(row[`s${i}`]), sumSquares: Number(row[`q${i}`]) }
    sample.arms.push({ variant: String(row['variant']), units, moments })
  }
  sample.arms.sort((a, b) => (a.variant < b.variant ? -1 : 1))
  return sample
}

type Source = { endpoint: string; unit: string; columns: { column: string }[] }

function groupBySource(metrics: readonly MetricDefinition[]): Source[] {
  const sources: Source[] = []
  for (const { endpoint, unit, column } of metrics) {
    let source = sources.find((known) => known.endpoint === endpoint && known.unit === unit)
    if (source === undefined) sources.push((source = { endpoint, unit, columns: [] }))
    if (!source.columns.some((known) => known.column === column)) source.columns.push({ column })
  }
  return sources
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** DuckDB's TIMESTAMP is UTC without a zone. */
const toTimestamp = (iso: string): string => iso.replace('T', ' ').replace('Z', '')
