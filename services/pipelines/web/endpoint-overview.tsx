// An endpoint at a glance: its lineage with the hurt path, the last partitions, its checks, and what was promised.
import { pipelinesContract, type EndpointDetail, type Lineage } from '@rondo/pipelines/contract'
import type { Output } from '@rondo/contract'
import { WEEK_MS, startOfWeek } from '@rondo/time'
import { Columns, formatBytes, formatCount, formatDay, formatDuration, formatThings, HeatGrid, KeyValues, LineageGraph, Link, Loaded, Owner, type RouteState, Section, Sentence, stateRank, useGo, useNarrow, When } from '@rondo/ui'
import { ChecksTable } from './checks-table.tsx'
import { toGraphNodes } from './data-graph.tsx'
import { everyWords, sayReach, sayRetention } from './data-words.ts'
import { countInTime, listDays, namePartition, nameDays, toDayCells, toHeatState, sayPartition } from './partition-cells.ts'
import { type Reader, toReaderGraph } from './readers.ts'
import { useReaders } from './use-readers.ts'
import styles from './data.module.css'

type Partitions = Output<(typeof pipelinesContract)['routes']['listPartitions']>

export function EndpointOverview({ endpoint, partitions, lineage, now }: { endpoint: EndpointDetail; partitions: RouteState<Partitions>; lineage: RouteState<Lineage>; now: number }) {
  const go = useGo()
  const readers = useReaders(endpoint.name)
  const beyond = toReaderGraph(readers, endpoint.name)
  const readBy = [...endpoint.downstream, ...readers.map(({ title }) => title)]
  const open = (id: string): void => {
    const path = readers.find(({ ref }) => ref === id)?.path ?? `/data/${encodeURIComponent(id)}`
    if (id !== endpoint.name) go(path)
  }
  const withinMinutes = endpoint.slo.landsWithinMinutes
  const count = stripCounts[endpoint.partition][useNarrow() ? 'phone' : 'wide']
  return (
    <>
      <Section title="Lineage" hint={sayHurt(endpoint.name, lineage.data)}>
        <Loaded of={lineage} what="Could not read the lineage" lines={6}>
          {(graph) => <LineageGraph nodes={[...toGraphNodes(graph), ...beyond.nodes]} edges={[...graph.edges, ...beyond.edges]} focus={endpoint.name} finding={`${endpoint.name} is made from ${endpoint.upstream.length === 0 ? 'events as they come' : endpoint.upstream.join(', ')} and read by ${readBy.length === 0 ? 'nothing' : readBy.join(', ')}.`} onOpen={open} />}
        </Loaded>
      </Section>
      <div style={{ borderTop: '1px solid var(--line)', flex: 1, display: 'flex', flexDirection: 'column' }}>
        <Columns sideWidth={372} side={<Promise endpoint={endpoint} readers={readers} />}>
          <Loaded of={partitions} what="Could not read its partitions" lines={4}>
            {({ rows }) => (
              <Section title={count === 1 ? 'The one partition' : `Last ${count} ${endpoint.partition === 'weekly' ? 'weeks' : 'days'}`} hint={`one partition ${endpoint.partition === 'none' ? 'holds all' : `each ${everyWords[endpoint.partition]}`}, UTC`} aside={withinMinutes === null ? undefined : `landed in time: ${countInTime(endpoint.partition === 'hourly' ? rows.slice(-24 * count) : rows.slice(-count), withinMinutes)}`}>
                <Strip endpoint={endpoint} rows={rows} count={count} now={now} onOpen={() => go(`/data/${encodeURIComponent(endpoint.name)}?tab=partitions`)} />
              </Section>
            )}
          </Loaded>
          {endpoint.checks.length > 0 && <Section flush title="Checks" hint={endpoint.lastPartition === null ? 'nothing to check yet' : namePartition(endpoint.partition, endpoint.lastPartition)}><ChecksTable endpoint={endpoint} /></Section>}
        </Columns>
      </div>
    </>
  )
}

/** Days or weeks of the strip: as many as leave cells wide enough to be hit. */
const stripCounts = { hourly: { wide: 14, phone: 6 }, daily: { wide: 28, phone: 9 }, weekly: { wide: 12, phone: 6 }, none: { wide: 1, phone: 1 } } as const

function Strip({ endpoint, rows, count, now, onOpen }: { endpoint: EndpointDetail; rows: Partitions['rows']; count: number; now: number; onOpen: () => void }) {
  const shape = { partition: endpoint.partition, landsWithinMinutes: endpoint.slo.landsWithinMinutes }
  const finding = `${formatThings(rows.filter((row) => row.state === 'published').length, 'partition')} published of ${rows.length}.`
  const line = { key: endpoint.name, name: '', label: endpoint.name }
  if (endpoint.partition === 'weekly') {
    const weeks = Array.from({ length: count }, (_, index) => startOfWeek(now) - (count - 1 - index) * WEEK_MS)
    const byName = new Map(rows.map((row) => [row.partition, row]))
    const most = Math.max(1, ...rows.map((row) => row.rows ?? 0))
    const cells = weeks.map((weekMs) => {
      const row = byName.get(new Date(weekMs).toISOString().slice(0, 10))
      return row === undefined ? { state: 'none' as const, title: 'nothing due' } : { state: toHeatState(row, shape.landsWithinMinutes), title: sayPartition('weekly', row), weight: (row.rows ?? 0) / most }
    })
    return <HeatGrid rows={[{ ...line, cells }]} legend={false} columns={weeks.map((weekMs, index) => (index === weeks.length - 1 ? 'This week' : formatDay(weekMs, 'UTC').replace(/^\w+ /, '')))} finding={finding} onCell={onOpen} />
  }
  const days = listDays(now, count)
  return <HeatGrid rows={[{ ...line, cells: toDayCells(shape, rows, days, now) }]} legend={false} columns={nameDays(days)} finding={finding} onCell={onOpen} />
}

function sayHurt(name: string, graph: Lineage | undefined): string | undefined {
  if (graph === undefined) return undefined
  const hurt = graph.nodes.filter((node) => stateRank[node.state] < 5)
  return hurt.length === 0 ? 'everything on it is well' : hurt.length === 1 && hurt[0]?.name === name ? 'the cause is here' : `in colour: ${hurt.map((node) => node.name).slice(0, 3).join(', ')}`
}

function Promise({ endpoint, readers }: { endpoint: EndpointDetail; readers: Reader[] }) {
  const { slo, partition } = endpoint
  return (
    <Section title="Promise">
      <Sentence size="remark">{endpoint.description === '' ? 'Nobody has described it yet.' : endpoint.description}</Sentence>
      <KeyValues
        rows={[
          ['Lands', slo.landsWithinMinutes === null ? `${slo.tier ?? 'no'} tier` : `within ${formatDuration(slo.landsWithinMinutes * 60_000)} after the ${everyWords[partition]} ends`],
          ['Last', endpoint.lastPartition === null ? 'nothing yet' : <>{namePartition(partition, endpoint.lastPartition)}, {endpoint.kind === 'event' && endpoint.rows === 0 ? 'without an event' : <When at={endpoint.lastPublishedAt} />}</>],
          ...(endpoint.predicted === null ? [] : [['Next', <span key="next" className={endpoint.predicted.late ? 'late' : ''}>{namePartition(partition, endpoint.predicted.partition)}, expected <When at={endpoint.predicted.landsAt} />, due <When at={endpoint.predicted.dueAt} /></span>] as const]),
          ['Holds', `${formatThings(endpoint.partitions, 'partition')}${endpoint.bytes === null ? '' : `, ${formatBytes(endpoint.bytes)}`}`],
          ['Kept', sayRetention(endpoint.retention)],
          ['Key', endpoint.key.length === 0 ? '—' : <code key="key">{endpoint.key.join(', ')}</code>],
          ['Personal', sayPersonal(endpoint)],
          ['Owner', <Owner key="owner" name={endpoint.owner} />],
          ...endpoint.inputs.map((input) => ['Reads', <span key={input.alias}><Link className={`link ${styles.inText}`} to={`/data/${encodeURIComponent(input.endpoint)}`}>{input.endpoint}</Link> <span className="quiet">{sayReach(input.partitions)}</span></span>] as const),
          ...readers.map((reader) => ['Read by', <Link key={reader.ref} className={`link ${styles.inText}`} to={reader.path}>{reader.title}</Link>] as const),
          ...(endpoint.kind === 'event' ? [['Event type', <Link key="type" className={`link ${styles.inText}`} to={`/events/${encodeURIComponent(endpoint.name)}`}>{endpoint.name}</Link>] as const] : []),
        ].map(([label, value], index, all) => [index > 0 && all[index - 1]?.[0] === label ? '' : label, value] as const)}
      />
    </Section>
  )
}

function sayPersonal(endpoint: EndpointDetail): string {
  const marked = endpoint.columns.filter((column) => column.personal !== 'none')
  return marked.length === 0 ? 'nothing' : `${formatCount(marked.length)} of ${formatThings(endpoint.columns.length, 'column')}: ${marked.map((column) => column.name).join(', ')}`
}
