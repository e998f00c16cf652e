// Flags: their variants, the rules in force in words, and what one unit would get.
import { DataTable, EmptyState, Link, Owner, StateGlyph, useFacets, When, Button, type Column, type RouteState } from '@rondo/ui'
import type { Flag } from '../src/contract.ts'
import { FlagPeek } from './flag-peek.tsx'
import { sayRule } from './rule-words.ts'
import styles from './experiments.module.css'

const columns: Column<Flag>[] = [
  { id: 'flag', header: 'Flag', cell: (row) => <><span className="mono">{row.key}</span>{row.state === 'archived' && <> <StateGlyph state="archived" /></>}</>, sort: (row) => row.key },
  { id: 'first', header: 'In force', cell: (row) => <span className={styles.says}>{sayInForce(row)}</span>, narrow: 'line' },
  { id: 'variants', header: 'Variants', cell: (row) => Object.keys(row.definition.variants).length, sort: (row) => Object.keys(row.definition.variants).length, align: 'end' },
  { id: 'experiment', header: 'Experiment', cell: (row) => <Tried flag={row} />, sort: (row) => row.experiments[0] ?? null, narrow: 'line' },
  { id: 'owner', header: 'Owner', cell: (row) => <Owner name={row.owner} />, sort: (row) => row.owner, narrow: 'line' },
  { id: 'changed', header: 'Changed', cell: (row) => <When at={row.updatedAt} />, sort: (row) => row.updatedAt, align: 'end' },
]

function Tried({ flag }: { flag: Flag }) {
  const [id] = flag.experiments
  return id === undefined ? <span className="quiet">no experiment</span> : <Link to={`/experiments/${encodeURIComponent(id)}`}>{id}</Link>
}

/** The first rule as a sentence; the rest are counted. */
function sayInForce(flag: Flag): string {
  const [first, ...rest] = flag.inForce
  if (first === undefined) return 'Everybody gets the client’s own default.'
  return `${sayRule(first)}${rest.length === 0 ? '' : `, then ${rest.length === 1 ? 'one more rule' : `${rest.length} more rules`}`}.`
}

export function FlagList({ flags }: { flags: RouteState<{ rows: Flag[] }> }) {
  const rows = flags.data?.rows ?? []
  const list = useFacets(rows, { text: (row) => `${row.key} ${row.owner} ${row.definition.description ?? ''}`, facets: { owner: { label: 'Owner', of: (row) => row.owner, name: (value) => value.replace(/^squad-/, '') } } })
  return (
    <>
      {rows.length > 1 && list.bar}
      <DataTable
        label="Flags" name="flag" rows={list.shown} columns={columns} state={flags}
        rowKey={(row) => row.key}
        peek={(row) => <FlagPeek flag={row} />}
        peekTitle={(row) => <span className="mono">{row.key}</span>}
        empty={list.isFiltered
          ? <EmptyState title="No flag passes these filters." actions={<Button onClick={list.clear}>Show all</Button>} />
          : <EmptyState title="No flags yet." commands={['npx rondo flags set FILE.json']}>Write one in the workspace’s flags folder, or set it from a file: clients see it at once.</EmptyState>}
      />
    </>
  )
}
