// One dataset: how it stands and why, what it is made from and who waits for it, its partitions, checks, runs and rows.
import { pipelinesContract, type EndpointDetail } from '@rondo/pipelines/contract'
import { DAY_MS, WEEK_MS, toIso } from '@rondo/time'
import { Button, EmptyState, formatCount, KeyValues, Link, Loaded, Notice, Owner, Page, Section, StateGlyph, StateMark, Tag, useActions, useGo, useNow, usePathParam, useRoute, useTabs } from '@rondo/ui'
import { IconTerminal2 } from '@tabler/icons-react'
import { ColumnsTable } from './columns-table.tsx'
import { ChecksTable } from './checks-table.tsx'
import { sayReach, sayState } from './data-words.ts'
import { EndpointOverview } from './endpoint-overview.tsx'
import { namePartition } from './partition-cells.ts'
import { findTarget } from './find-target.ts'
import { PartitionsTable } from './partitions-table.tsx'
import { RunsTable } from './runs-table.tsx'
import { SampleRows } from './sample-rows.tsx'
import { strictest } from './strictest-mark.ts'
import { RunNotice, useRun } from './use-run.tsx'
import styles from './data.module.css'

const EVERY = { refetchMs: 5_000 }
/** How far back the strips and tables of partitions go. */
const SPAN_MS = { hourly: 14 * DAY_MS, daily: 59 * DAY_MS, weekly: 51 * WEEK_MS, none: 0 }

export function EndpointPage() {
  const name = usePathParam('name')
  const found = useRoute(pipelinesContract, 'getEndpoint', { name }, EVERY)
  if (found.data === undefined || found.data.name !== name) {
    if (found.error?.kind === 'not-found') return <Page arc="datasets" title={name} crumbs={[{ label: 'Data', to: '/data' }]}><EmptyState title={`No dataset is called ${name}.`} actions={<Button kind="go" to="/data">Show all datasets</Button>}>It may be misspelt, or not be in the workspace yet.</EmptyState></Page>
    return <Page arc="datasets" title={name} crumbs={[{ label: 'Data', to: '/data' }]}><Loaded of={{ ...found, data: undefined }} what={`Could not read ${name}`} lines={10}>{() => null}</Loaded></Page>
  }
  return <KnownEndpoint endpoint={found.data} />
}

function KnownEndpoint({ endpoint }: { endpoint: EndpointDetail }) {
  const { name, partition } = endpoint
  const now = useNow()
  const go = useGo()
  const from = toIso(Math.floor((now - SPAN_MS[partition]) / DAY_MS) * DAY_MS)
  const partitions = useRoute(pipelinesContract, 'listPartitions', partition === 'none' ? { name } : { name, from }, { refetchMs: 10_000 })
  const lineage = useRoute(pipelinesContract, 'lineage', { of: name }, { refetchMs: 10_000 })
  const runs = useRoute(pipelinesContract, 'listRuns', { ...(endpoint.pipeline === null ? {} : { pipeline: endpoint.pipeline }), limit: 100 }, { refetchMs: 5_000, enabled: endpoint.pipeline !== null })
  const pulse = useRoute(pipelinesContract, 'pulse', {}, { refetchMs: 10_000 })
  const attention = pulse.data?.attention.find((one) => one.subject === name)
  const target = findTarget(endpoint)
  const run = useRun(target)
  const mark = strictest(endpoint)
  const ask = `/ask?sql=${encodeURIComponent(`select *\nfrom "${name}"\nlimit 100`)}`
  useActions([{ id: 'ask', label: `Ask ${name} in SQL`, run: () => go(ask) }])
  const [tab, bar] = useTabs([
    { id: 'overview', label: 'Overview' },
    { id: 'partitions', label: 'Partitions', count: formatCount(endpoint.partitions) },
    { id: 'columns', label: 'Columns', count: endpoint.columns.length },
    ...(endpoint.kind === 'event' ? [] : [{ id: 'checks', label: 'Checks', count: endpoint.checks.length }, { id: 'runs', label: 'Runs' }]),
    { id: 'rows', label: 'Rows' },
    ...(endpoint.sql === null ? [] : [{ id: 'made', label: 'How it is made' }]),
  ])
  const tone = endpoint.state === 'failed' ? 'bad' : endpoint.state === 'blocked' ? 'blocked' : 'late'
  const runButton = target !== undefined && <Button kind={attention === undefined ? 'plain' : 'go'} hotkey="R" disabled={run.isCalling} onClick={() => run.run(target)}>{run.isCalling ? 'Running' : run.label}</Button>
  return (
    <Page
      arc="datasets"
      title={name}
      crumbs={[{ label: 'Data', to: '/data' }]}
      state={<StateGlyph state={endpoint.state} label={sayState(endpoint, attention, now)} />}
      aside={<><Owner name={endpoint.owner} />{mark !== 'none' && <Tag tone={mark === 'strict' ? 'blocked' : 'tonic'}>personal: {mark}</Tag>}</>}
      actions={<><Button icon={<IconTerminal2 size={14} stroke={1.75} />} to={ask}>Ask</Button>{attention === undefined && runButton}</>}
      copy={{ command: `npx rondo sql 'select * from "${name}" limit 20'`, call: `/api/pipelines/v1/endpoints/${name}` }}
    >
      {bar}
      <RunNotice run={run} kind={partition} />
      {attention !== undefined && <Notice tone={tone} mark={<StateMark state={attention.state} />} title={attention.message} actions={runButton}>{attention.hurts === 'nobody downstream' ? 'Nobody downstream is hurt.' : `Hurts ${attention.hurts}.`} {endpoint.lastPartition !== null && `The newest that serves: ${namePartition(partition, endpoint.lastPartition)}.`}</Notice>}
      {tab === 'overview' && <EndpointOverview endpoint={endpoint} partitions={partitions} lineage={lineage} now={now} />}
      {tab === 'partitions' && <PartitionsTable endpoint={endpoint} partitions={partitions} run={run} />}
      {tab === 'columns' && <ColumnsTable endpoint={endpoint} />}
      {tab === 'checks' && <ChecksTable endpoint={endpoint} />}
      {tab === 'runs' && <RunsTable ofOne name="run" rows={runs.data?.rows ?? []} state={runs} />}
      {tab === 'rows' && <SampleRows endpoint={endpoint} />}
      {tab === 'made' && endpoint.sql !== null && (
        <>
          <Section title="Reads" hint="by the names that the SQL has for them">
            <KeyValues rows={endpoint.inputs.map((input) => [<code key="alias">{input.alias}</code>, <span key={input.alias}><Link className={`link ${styles.inText}`} to={`/data/${encodeURIComponent(input.endpoint)}`}>{input.endpoint}</Link> <span className="quiet">{sayReach(input.partitions)}</span></span>] as const)} />
          </Section>
          <Section title="One partition" hint={<>by <code>{endpoint.pipeline}</code>, code <code>{endpoint.codeVersion}</code></>} aside={<Link className="link" to="/data/runs">Runs</Link>}>
            <pre className={styles.code}>{dedent(endpoint.sql)}</pre>
          </Section>
        </>
      )}
    </Page>
  )
}

/** Takes away the indent that all lines share, and empty lines around. */
export function dedent(text: string): string {
  const lines = text.replace(/^\s*\n|\n\s*$/g, '').split('\n')
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length))
  return lines.map((line) => line.slice(Number.isFinite(indent) ? indent : 0)).join('\n')
}
