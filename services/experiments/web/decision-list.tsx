// Every stopped experiment: what it taught, the sentence of its decision, and whether it shipped.
import { Button, DataTable, EmptyState, KeyValues, Owner, Section, useFacets, When, type Column } from '@rondo/ui'
import type { Learning } from '../src/contract.ts'
import { ClassMark } from './class-mark.tsx'
import { nameClass } from './learning-model.ts'
import styles from './experiments.module.css'

type Row = Learning['rows'][number]

const columns: Column<Row>[] = [
  { id: 'experiment', header: 'Experiment', cell: (row) => row.id, sort: (row) => row.id },
  { id: 'class', header: 'Taught', cell: (row) => <span className={styles.class}><ClassMark id={row.learningClass} />{nameClass(row.learningClass)}</span>, sort: (row) => row.learningClass, narrow: 'line' },
  { id: 'sentence', header: 'Decision', cell: (row) => <span className={styles.says}>{row.sentence}</span>, narrow: 'line' },
  { id: 'shipped', header: 'Shipped', cell: (row) => row.shipped ?? <span className="quiet">nothing</span>, sort: (row) => row.shipped },
  { id: 'owner', header: 'Owner', cell: (row) => <Owner name={row.owner} />, sort: (row) => row.owner },
  { id: 'stopped', header: 'Stopped', cell: (row) => <When at={row.stoppedAt} />, sort: (row) => row.stoppedAt, align: 'end', narrow: 'value' },
]

export function DecisionList({ rows, withFacets }: { rows: Row[]; withFacets: boolean }) {
  const list = useFacets(rows, {
    text: (row) => `${row.id} ${row.owner} ${row.hypothesis} ${row.sentence}`,
    facets: {
      class: { label: 'Class', of: (row) => row.learningClass, name: (value) => nameClass(value as Row['learningClass']) },
      owner: { label: 'Squad', of: (row) => row.owner, name: (value) => value.replace(/^squad-/, '') },
    },
  })
  const table = (
    <DataTable
      label="Decisions" rows={withFacets ? list.shown : rows} columns={columns} defaultSort="-stopped"
      rowKey={(row) => row.id} rowHref={(row) => `/experiments/${encodeURIComponent(row.id)}`}
      peek={(row) => <DecisionPeek row={row} />}
      empty={<EmptyState title="No decision passes these filters." actions={<Button onClick={list.clear}>Show all</Button>} />}
    />
  )
  return withFacets ? <>{list.bar}{table}</> : <div className={styles.ruled}><Section title="What was learned" hint="newest first" flush>{table}</Section></div>
}

function DecisionPeek({ row }: { row: Row }) {
  return (
    <Section>
      <p className={styles.peekVerdict}>{row.sentence}</p>
      <p className={styles.quote}>“{row.hypothesis}”</p>
      <KeyValues
        rows={[
          ['Taught', nameClass(row.learningClass)],
          ...(row.wouldHaveTaught === null ? [] : [['Would have taught', row.wouldHaveTaught] as const]),
          ['Shipped', row.shipped ?? 'nothing'],
          ['Stopped', <When key="stopped" at={row.stoppedAt} />],
          ['Owner', <Owner key="owner" name={row.owner} />],
        ]}
      />
    </Section>
  )
}
