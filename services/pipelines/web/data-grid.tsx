// Row by day: which partitions landed, of all endpoints, over two weeks.
import type { Attention } from '@rondo/contract'
import type { EndpointRow } from '@rondo/pipelines/contract'
import { toIso } from '@rondo/time'
import { formatThings, HeatGrid, type HeatRow, Link, Owner, Skeleton, StateGlyph, stateRank, useFitting, useGo, useNarrow } from '@rondo/ui'
import type { ReactNode } from 'react'
import { sayPromise, sayState } from './data-words.ts'
import { LandedMark } from './landed-mark.tsx'
import { listDays, nameDays, toDayCells } from './partition-cells.ts'
import { usePartitions } from './use-partitions.ts'
import styles from './data.module.css'

/** Beside the cells, as long as these stay wide enough to be hit. */
const beside: { id: string; title: string; of: (row: EndpointRow) => ReactNode }[] = [
  { id: 'landed', title: 'Landed, to promise', of: (row) => <LandedMark lagMs={row.lagMs} landsWithinMinutes={row.slo.landsWithinMinutes} /> },
  { id: 'promise', title: 'Promise', of: (row) => sayPromise(row.slo) },
  { id: 'owner', title: 'Owner', of: (row) => <Owner name={row.owner} /> },
]

export function DataGrid({ rows, attention, now }: { rows: readonly EndpointRow[]; attention: Map<string, Attention>; now: number }) {
  const go = useGo()
  const narrow = useNarrow()
  const fitting = useFitting(beside, { landed: 1260, promise: 1260, owner: 1260 })
  const after = narrow ? [] : fitting
  const days = listDays(now, narrow ? 5 : 14)
  const known = usePartitions(rows, toIso(days[0] ?? now))
  if (known.size === 0) return <Skeleton lines={rows.length} />
  const ordered = rows.toSorted((a, b) => stateRank[a.state] - stateRank[b.state] || a.owner.localeCompare(b.owner) || a.name.localeCompare(b.name))
  const lines = ordered.map((row): HeatRow => ({
    key: row.name,
    label: row.name,
    name: <span className={styles.gridName}><Link to={`/data/${encodeURIComponent(row.name)}`}>{row.name}</Link><StateGlyph state={row.state} still label={sayState(row, attention.get(row.name), now)} /></span>,
    cells: toDayCells({ partition: row.partition, landsWithinMinutes: row.slo.landsWithinMinutes }, known.get(row.name) ?? [], days, now),
    after: after.map((one) => one.of(row)),
  }))
  const hurt = rows.filter((row) => stateRank[row.state] < 5).length
  return (
    <div className={styles.grid}>
      <HeatGrid rows={lines} columns={nameDays(days)} afterColumns={after.map((one) => one.title)} finding={`${formatThings(rows.length, 'endpoint')} over ${days.length} days; ${hurt === 0 ? 'none needs a look' : `${hurt} need a look`}.`} onCell={(row) => go(`/data/${encodeURIComponent(row.key)}?tab=partitions`)} />
    </div>
  )
}
