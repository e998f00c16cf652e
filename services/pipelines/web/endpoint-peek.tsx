// A closer look at one endpoint, in the drawer of the list.
import type { Attention } from '@rondo/contract'
import { pipelinesContract, type EndpointRow } from '@rondo/pipelines/contract'
import { formatBytes, formatCount, formatDuration, KeyValues, Link, Loaded, Notice, Owner, Section, Sentence, StateGlyph, StateMark, Tag, useRoute, When } from '@rondo/ui'
import { everyWords, sayPromise, sayState } from './data-words.ts'
import { namePartition } from './partition-cells.ts'
import { PartitionGlyph } from './partition-glyph.tsx'
import styles from './data.module.css'

export function EndpointPeek({ row, attention, now }: { row: EndpointRow; attention: Attention | undefined; now: number }) {
  const detail = useRoute(pipelinesContract, 'getEndpoint', { name: row.name }, { refetchMs: 10_000 })
  const tone = row.state === 'failed' ? 'bad' : row.state === 'blocked' ? 'blocked' : 'late'
  return (
    <>
      {attention !== undefined && <Notice tone={tone} mark={<StateMark state={row.state} />} title={attention.message}>Hurts {attention.hurts}.</Notice>}
      <Section>
        <Sentence size="remark">{row.description === '' ? 'Nobody has described it yet.' : row.description}</Sentence>
        <KeyValues
          rows={[
            ['State', <StateGlyph key="state" state={row.state} still label={sayState(row, attention, now)} />],
            ['Every', everyWords[row.partition]],
            ['Last partition', row.lastPartition === null ? 'none yet' : `${namePartition(row.partition, row.lastPartition)}, ${formatCount(row.rows)} rows`],
            ['Landed', <><When at={row.lastPublishedAt} />{row.lagMs !== null && <span className="quiet"> {formatDuration(row.lagMs)} after its end</span>}</>],
            ['Promise', sayPromise(row.slo)],
            ['Holds', `${formatCount(row.partitions)} partitions${row.bytes === null ? '' : `, ${formatBytes(row.bytes)}`}`],
            ['Owner', <Owner key="owner" name={row.owner} />],
          ]}
        />
      </Section>
      <Loaded of={detail} what="Could not read its partitions" lines={4}>
        {({ recent, upstream, downstream }) => (
          <>
            {recent.length > 0 && (
              <Section title="Newest partitions" aside={<Link className="link" to={`/data/${encodeURIComponent(row.name)}?tab=partitions`}>All</Link>}>
                <ul className={styles.short}>{recent.slice(0, 6).map((one) => <li key={one.partition}><PartitionGlyph row={one} /><span>{namePartition(row.partition, one.partition)}</span><span className="number">{formatCount(one.rows)}</span></li>)}</ul>
              </Section>
            )}
            <Section title="Made from">{upstream.length === 0 ? <p className="soft">events, as they come</p> : <Names names={upstream} />}</Section>
            <Section title="Read by">{downstream.length === 0 ? <p className="soft">nothing of the house</p> : <Names names={downstream} />}</Section>
          </>
        )}
      </Loaded>
      <Section title="Columns" hint={formatCount(row.columns.length)}>
        <ul className={styles.chips}>{row.columns.map((column) => <li key={column.name}><Tag tone={column.personal === 'none' ? 'plain' : column.personal === 'strict' ? 'blocked' : 'tonic'}>{column.name}</Tag></li>)}</ul>
      </Section>
    </>
  )
}

function Names({ names }: { names: string[] }) {
  return <ul className={styles.chips}>{names.map((name) => <li key={name}><Link className="link" to={`/data/${encodeURIComponent(name)}`}>{name}</Link></li>)}</ul>
}
