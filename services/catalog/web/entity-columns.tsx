// Columns of things: in the catalog's table, and of what a group owns.
import type { EntityRow } from '@rondo/catalog/contract'
import { type Column, formatRate, formatThings, Link, Owner, StateGlyph, stateRank, When } from '@rondo/ui'
import { sayFacts, sayKind, sayNote, toEntityPath } from './entity-words.ts'
import { KindWord } from './kind-icon.tsx'
import styles from './catalog.module.css'

export const entityColumns: Column<EntityRow>[] = [
  { id: 'name', header: 'Name', cell: (row) => <span title={row.ref}>{row.title}{row.problems > 0 && <span className={styles.flaw}> <StateGlyph state="warned" label={formatThings(row.problems, 'problem')} still /></span>}</span>, sort: (row) => row.title.toLowerCase() },
  { id: 'kind', header: 'Kind', cell: (row) => <KindWord row={row} />, sort: (row) => sayKind(row), narrow: 'line' },
  { id: 'owner', header: 'Owner', cell: (row) => (row.owner === null ? <span className="quiet">—</span> : <Link to={toEntityPath(row.owner)}><Owner name={row.ownerName ?? row.owner} /></Link>), sort: (row) => row.ownerName, narrow: 'line' },
  { id: 'state', header: 'State', cell: (row) => <Facts row={row} />, sort: (row) => (row.facts.state === null ? null : stateRank[row.facts.state]), narrow: 'value' },
  { id: 'rate', header: 'Rate', cell: (row) => (row.facts.ratePerHour === null ? <span className="quiet">—</span> : formatRate(row.facts.ratePerHour / 3600)), sort: (row) => row.facts.ratePerHour, align: 'end' },
  { id: 'ran', header: 'Last run', cell: (row) => <When at={row.facts.lastRunAt} />, sort: (row) => row.facts.lastRunAt, align: 'end' },
  { id: 'note', header: 'Now', cell: (row) => <span className={`clip soft ${styles.note}`} title={row.facts.note ?? undefined}>{sayNote(row.facts)}</span> },
  { id: 'lifecycle', header: 'Stage', cell: (row) => row.lifecycle ?? <span className="quiet">—</span>, sort: (row) => row.lifecycle },
]

export function Facts({ row }: { row: EntityRow }) {
  const said = sayFacts(row.facts)
  return said === undefined ? <span className="quiet">—</span> : <StateGlyph state={said.state} label={said.label} still />
}
