// One experiment: its verdict first, then what the verdict rests on, what it is, and who did what.
import { Button, Columns, EmptyState, ErrorState, formatCount, Owner, Page, Skeleton, StateGlyph, usePathParam, useRoute, useTabs } from '@rondo/ui'
import { experimentsContract } from '../src/contract.ts'
import { AuditTab } from './audit-tab.tsx'
import { DesignSections, DesignTab } from './design-tab.tsx'
import { EffectsSection } from './effects-section.tsx'
import { nameState } from './experiment-words.ts'
import { LooksSection } from './looks-section.tsx'
import { MetricTable } from './metric-table.tsx'
import { ReadoutSide, Soundness } from './readout-side.tsx'
import { VerdictHead } from './verdict-head.tsx'
import styles from './readout.module.css'

export function ExperimentPage() {
  const id = usePathParam('id')
  const answer = useRoute(experimentsContract, 'readout', { id }, { refetchMs: 10_000 })
  const audit = useRoute(experimentsContract, 'listAudit', { subject: `experiment:${id}`, limit: 200 }, { refetchMs: 15_000 })
  const readout = answer.data?.experiment.id === id ? answer.data : undefined
  const [tab, tabs] = useTabs([
    { id: 'readout', label: 'Readout' },
    { id: 'design', label: 'Design' },
    { id: 'diary', label: 'Diary', ...(audit.data === undefined ? {} : { count: formatCount(audit.data.rows.length) }) },
  ])
  return (
    <Page
      arc="experiments"
      crumbs={[{ label: 'Experiments', to: '/experiments' }]}
      title={id}
      state={readout === undefined ? undefined : <StateGlyph {...nameState(readout.experiment)} />}
      aside={readout === undefined ? undefined : <Owner name={readout.experiment.owner} />}
      copy={{ command: `npx rondo experiments readout ${id}`, call: `/api/experiments/v1/experiments/${encodeURIComponent(id)}/readout` }}
    >
      {tabs}
      {readout === undefined && answer.error?.kind === 'not-found' && <EmptyState title={`No experiment is called “${id}”.`} actions={<Button to="/experiments">Show all experiments</Button>} />}
      {readout === undefined && answer.error?.kind !== 'not-found' && (answer.error === undefined ? <Skeleton lines={10} /> : <ErrorState what="Could not read the readout" error={answer.error} onRetry={answer.retry} againInSeconds={10} />)}
      {readout !== undefined && tab === 'readout' && (
        <>
          <div className={styles.top}>
            <VerdictHead readout={readout} state={answer} />
            <Soundness readout={readout} />
          </div>
          <Columns sideWidth={380} side={<ReadoutSide readout={readout} />}>
            {readout.looks.length === 0 ? <DesignSections readout={readout} /> : <LooksSection readout={readout} />}
            {readout.metrics.length > 0 && <EffectsSection readout={readout} />}
            {readout.metrics.length > 0 && <MetricTable readout={readout} />}
          </Columns>
        </>
      )}
      {readout !== undefined && tab === 'design' && <DesignTab readout={readout} />}
      {readout !== undefined && tab === 'diary' && <AuditTab audit={audit} />}
    </Page>
  )
}
