// Things that something stands in relation to, each with its state and a way to it.
import type { RelationRow } from '@rondo/catalog/contract'
import { Link, StateGlyph } from '@rondo/ui'
import { useState } from 'react'
import { toEntityPath } from './entity-words.ts'
import styles from './catalog.module.css'

export function RelationList({ rows, most = 12 }: { rows: readonly RelationRow[]; most?: number }) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? rows : rows.slice(0, most)
  return (
    <ul className={styles.relations}>
      {shown.map((row) => (
        <li key={`${row.type} ${row.targetRef}`}>
          {row.known ? <Link to={toEntityPath(row.targetRef)}>{row.targetTitle}</Link> : <span className="late" title={`Nothing called ${row.targetRef} is in the catalog`}>{row.targetRef}</span>}
          {row.known ? (row.state === null ? <span className="quiet">{row.targetKind.toLowerCase()}</span> : <StateGlyph state={row.state} still />) : <StateGlyph state="warned" label="Not in the catalog" still />}
        </li>
      ))}
      {rows.length > most && <li><button type="button" className={styles.more} onClick={() => setWhole(!isWhole)}>{isWhole ? 'Fewer' : `${rows.length - most} more`}</button></li>}
    </ul>
  )
}
