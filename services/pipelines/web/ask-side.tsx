// What there is to ask about: every endpoint with its columns; a click puts the name into the question.
import { pipelinesContract } from '@rondo/pipelines/contract'
import type { Output } from '@rondo/contract'
import { formatCount, formatThings, Loaded, Section, StateGlyph, type RouteState } from '@rondo/ui'
import { useState } from 'react'
import styles from './data.module.css'

type Endpoints = Output<(typeof pipelinesContract)['routes']['listEndpoints']>

export function AskSide({ endpoints, onInsert }: { endpoints: RouteState<Endpoints>; onInsert: (name: string) => void }) {
  const [open, setOpen] = useState<string | undefined>()
  return (
    <Loaded of={endpoints} what="Could not read the endpoints" lines={8}>
      {({ rows }) => (
        <Section title="Tables" hint={formatCount(rows.length)}>
          <ul className={styles.tables}>
            {rows.toSorted((a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name)).map((row) => (
              <li key={row.name}>
                <div>
                  <button type="button" className={styles.fold} aria-expanded={open === row.name} onClick={() => setOpen(open === row.name ? undefined : row.name)}><StateGlyph state={row.state} hideWord still /><span className="clip">{row.name}</span><span className="quiet small">{formatThings(row.columns.length, 'column')}</span></button>
                  <button type="button" className={styles.insert} onClick={() => onInsert(`"${row.name}"`)} aria-label={`Insert ${row.name}`}>insert</button>
                </div>
                {open === row.name && (
                  <ul className={styles.tableColumns}>
                    {row.columns.map((column) => <li key={column.name}><button type="button" onClick={() => onInsert(column.name)} title={column.description}><code>{column.name}</code><span className="quiet">{column.type}{column.personal === 'none' ? '' : `, ${column.personal}`}</span></button></li>)}
                  </ul>
                )}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Loaded>
  )
}
