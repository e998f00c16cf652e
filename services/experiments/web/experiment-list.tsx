// All experiments: running first, each with its day, its verdict so far and whether its split is sound.
import { DataTable, EmptyState, KeyValues, Link, Owner, Button, Section, StateGlyph, useFacets, When, type Column, type RouteState } from '@rondo/ui'
import type { Experiment } from '../src/contract.ts'
import { nameSplit, nameState } from './experiment-words.ts'
import { nameClass } from './learning-model.ts'
import styles from './experiments.module.css'

const rank = { running: 0, draft: 1, stopped: 2 } as const

const columns: Column<Experiment>[] = [
  { id: 'experiment', header: 'Experiment', cell: (row) => row.id, sort: (row) => row.id },
  { id: 'state', header: 'State', cell: (row) => <StateGlyph still {...nameState(row)} />, sort: (row) => rank[row.state], narrow: 'value' },
  { id: 'verdict', header: 'So far', cell: (row) => <span className={styles.says}>{row.verdict.sentence}</span>, narrow: 'line' },
  { id: 'split', header: 'Split', cell: (row) => <StateGlyph {...nameSplit(row.sampleRatio)} />, sort: (row) => row.sampleRatio?.p ?? null },
  { id: 'flag', header: 'Flag', cell: (row) => <Link className="mono" to={`/experiments?tab=flags&peek-flag=${encodeURIComponent(row.flag)}`}>{row.flag}</Link>, sort: (row) => row.flag },
  { id: 'owner', header: 'Owner', cell: (row) => <Owner name={row.owner} />, sort: (row) => row.owner, narrow: 'line' },
]

export function ExperimentList({ experiments }: { experiments: RouteState<{ rows: Experiment[] }> }) {
  const rows = experiments.data?.rows ?? []
  const list = useFacets(rows, {
    text: (row) => `${row.id} ${row.owner} ${row.flag} ${row.hypothesis}`,
    facets: {
      state: { label: 'State', of: (row) => row.state },
      owner: { label: 'Owner', of: (row) => row.owner, name: (value) => value.replace(/^squad-/, '') },
      taught: { label: 'Taught', of: (row) => row.learningClass ?? undefined, name: (value) => nameClass(value as NonNullable<Experiment['learningClass']>) },
    },
  })
  return (
    <>
      {rows.length > 1 && list.bar}
      <DataTable
        label="Experiments" name="experiment" rows={list.shown} columns={columns} state={experiments}
        rowKey={(row) => row.id} rowHref={(row) => `/experiments/${encodeURIComponent(row.id)}`}
        peek={(row) => <ExperimentPeek experiment={row} />}
        empty={list.isFiltered
          ? <EmptyState title="No experiment passes these filters." actions={<Button onClick={list.clear}>Show all</Button>} />
          : <EmptyState title="No experiments yet." commands={['npx rondo flags list', 'npx rondo check']}>Write one over a flag in the workspace’s experiments folder: it is here when the file is saved, and people see nothing until it begins.</EmptyState>}
      />
    </>
  )
}

function ExperimentPeek({ experiment }: { experiment: Experiment }) {
  const { definition } = experiment
  return (
    <Section>
      <p className={styles.peekVerdict}>{experiment.verdict.sentence}</p>
      <p className={styles.quote}>“{experiment.hypothesis}”</p>
      <KeyValues
        rows={[
          ['State', <StateGlyph key="state" still {...nameState(experiment)} />],
          ['Split', <StateGlyph key="split" {...nameSplit(experiment.sampleRatio)} />],
          ['Exposed', experiment.units.toLocaleString('en-US')],
          ['Flag', <code key="flag">{experiment.flag}</code>],
          ['Arms', [definition.control, ...definition.treatments].join(', ')],
          ['Started', <When key="started" at={experiment.startedAt} />],
          ...(experiment.stoppedAt === null ? [] : [['Stopped', <When key="stopped" at={experiment.stoppedAt} />] as const]),
          ...(experiment.learningClass === null ? [] : [['Taught', nameClass(experiment.learningClass)] as const]),
          ['Owner', <Owner key="owner" name={experiment.owner} />],
        ]}
      />
    </Section>
  )
}
