// Decisions: how often an experiment teaches at all, what each taught, and what would have made the others teach.
import { EmptyState, ErrorState, formatShare, formatThings, Link, Page, Skeleton, useQueryState, useRoute, Views } from '@rondo/ui'
import { IconChartBar, IconList } from '@tabler/icons-react'
import { experimentsContract, type Learning } from '../src/contract.ts'
import { BySquad } from './by-squad.tsx'
import { ClassMark } from './class-mark.tsx'
import { DecisionList } from './decision-list.tsx'
import { learningClasses, sayLearned } from './learning-model.ts'
import { PeriodChart } from './period-chart.tsx'
import { TaughtNothing } from './taught-nothing.tsx'
import styles from './decisions.module.css'

export function DecisionsPage() {
  const learning = useRoute(experimentsContract, 'learning', {}, { refetchMs: 15_000 })
  const [view, setView] = useQueryState('view', 'board')
  const data = learning.data
  const isEmpty = data !== undefined && data.rows.length === 0
  return (
    <Page
      arc="decisions"
      title="Decisions"
      meta={data === undefined || isEmpty ? undefined : `${formatThings(data.total.stopped, 'experiment')} stopped`}
      copy={{ command: 'npx rondo experiments list', call: '/api/experiments/v1/learning' }}
      actions={!isEmpty && <Views current={view} onChoose={setView} items={[{ id: 'board', label: 'Board', icon: IconChartBar }, { id: 'list', label: 'List', icon: IconList }]} />}
    >
      {data === undefined && (learning.error === undefined ? <Skeleton lines={8} /> : <ErrorState what="Could not read what was learned" error={learning.error} onRetry={learning.retry} againInSeconds={10} />)}
      {isEmpty && <NothingYet />}
      {data !== undefined && !isEmpty && view === 'board' && (
        <>
          <div className={styles.top}>
            <Hero learning={data} />
            <PeriodChart rows={data.rows} />
          </div>
          <div className={styles.below}>
            <BySquad owners={data.owners} all={data.total.learningRate} />
            <TaughtNothing rows={data.rows} />
          </div>
        </>
      )}
      {data !== undefined && !isEmpty && <DecisionList rows={data.rows} withFacets={view === 'list'} />}
    </Page>
  )
}

function Hero({ learning }: { learning: Learning }) {
  const { total, classes } = learning
  return (
    <section className={styles.hero}>
      <div className={styles.rates}>
        <div><b>{formatShare(total.learningRate, 0)}</b><span>learning rate</span></div>
        <div className={styles.win}><b>{formatShare(total.winRate, 0)}</b><span>win rate</span></div>
      </div>
      <p className={styles.lead}>{sayLearned(learning)}</p>
      <table className={styles.classes}>
        <tbody>
          {learningClasses.map(({ id, label }) => {
            const count = classes.find((one) => one.learningClass === id)?.experiments ?? 0
            return <tr key={id}><th scope="row"><ClassMark id={id} />{label}</th><td>{count}</td><td className="quiet">{formatShare(total.stopped === 0 ? null : count / total.stopped, 0)}</td></tr>
          })}
        </tbody>
      </table>
    </section>
  )
}

/** Says what is on its way; only what the rooms know. */
function NothingYet() {
  const running = useRoute(experimentsContract, 'listExperiments', { state: 'running' })
  const rows = running.data?.rows ?? []
  return (
    <EmptyState title="Nothing has been decided yet." {...(rows.length === 0 ? { commands: ['npx rondo experiments list'] } : {})}>
      {rows.length === 0
        ? 'An experiment that stops leaves its decision here, with what it taught. None is running: start one from a flag.'
        : rows.map((row) => <p key={row.id}><Link className={`link ${styles.inText}`} to={`/experiments/${encodeURIComponent(row.id)}`}>{row.id}</Link> is on day {Math.max(1, row.day)} of {row.days}; its decision will stand here.</p>)}
    </EmptyState>
  )
}
