// How a schema became what it is: each version with what it changed, in words, and what that meant for those who send.
import { eventsContract, type SchemaChange, type TypeVersionRow } from '@rondo/events/contract'
import { formatThings, Loaded, Owner, Section, Tag, useRoute, When, type Tone } from '@rondo/ui'
import { classMeans, sayChange } from './schema-changes.ts'
import styles from './schema.module.css'

const tones: Record<SchemaChange['class'], Tone> = { MODEL: 'late', REVISION: 'tonic', ADDITION: 'plain' }

export function SchemaHistory({ type }: { type: string }) {
  const versions = useRoute(eventsContract, 'listVersions', { type }, { refetchMs: 60_000 })
  return (
    <Loaded of={versions} what="Could not read its versions" lines={4}>
      {({ rows }) => (
        <Section title="History" hint={formatThings(rows.length, 'version')}>
          <ol className={styles.history}>{rows.map((row) => <Version key={row.version} row={row} isFirst={row === rows.at(-1)} />)}</ol>
        </Section>
      )}
    </Loaded>
  )
}

function Version({ row, isFirst }: { row: TypeVersionRow; isFirst: boolean }) {
  return (
    <li>
      <p className={styles.versionHead}><code className="strong">{row.version}</code><span className="quiet"><When at={row.putAt} /></span><Owner name={row.owner} /></p>
      {row.changes.length === 0 ? <p className="quiet">{isFirst ? 'The first version.' : 'The schema is the same; something else of the definition changed.'}</p> : (
        <ul className={styles.changes}>
          {row.changes.map((change) => {
            const { field, says } = sayChange(change)
            return <li key={change.path}><Tag tone={tones[change.class]}><span title={classMeans[change.class]}>{change.class.toLowerCase()}</span></Tag><code className="strong">{field}</code><span title={change.why}>{says}</span></li>
          })}
        </ul>
      )}
    </li>
  )
}
