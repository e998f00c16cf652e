// The tab of a type's schema: its fields and what is personal in them, how it became so, and the schema itself to take along.
import type { TypeRow } from '@rondo/events/contract'
import { Columns, formatThings, Link, Section, Sentence } from '@rondo/ui'
import type { SchemaField } from './schema-fields.ts'
import { SchemaHistory } from './schema-history.tsx'
import { SchemaTable } from './schema-table.tsx'
import styles from './schema.module.css'

export function SchemaPage({ row, fields }: { row: TypeRow; fields: SchemaField[] }) {
  const { type, version } = row
  const personal = fields.filter((field) => field.personal === 'narrow' || field.personal === 'strict')
  const schema = `/api/events/v1/types/${encodeURIComponent(type)}/schema`
  return (
    <Columns side={<SchemaHistory type={type} />} sideWidth={420}>
      <Section title={`Version ${version}`} aside={<span className={styles.downloads}><a className="link" href={schema} download={`${type}-${version}.schema.json`}>JSON Schema 2020-12</a><a className="link" href={`${schema}?draft=7`} download={`${type}-${version}.draft-7.schema.json`}>draft 7</a></span>}>
        <Sentence size="remark">{row.description === '' ? 'Nobody has described it yet.' : row.description}</Sentence>
        <p className="soft">
          {personal.length === 0
            ? 'None of its fields is personal. The user’s id stands beside them, and the context of an event is sealed.'
            : <>{formatThings(personal.length, 'personal field')}: {personal.map((field, index) => <span key={field.path}>{index > 0 && ', '}<code>{field.path}</code></span>)}. {personal.length === 1 ? 'It' : 'Each'} is sealed under its user’s key before it is written; when <Link className={`link ${styles.inText}`} to="/erasure">the user is erased</Link> the key goes, and nobody reads it again in any copy.</>}
        </p>
      </Section>
      <Section flush><SchemaTable fields={fields} /></Section>
      <Section title="Around every event" hint="columns of the envelope in the buckets"><p className="soft">{row.columns.slice(0, 7).map((column) => column.name).join(', ')}. In SQL: <Link className={`link ${styles.inText}`} to={`/ask?sql=${encodeURIComponent(`select * from "${type}" order by occurredAt desc limit 20`)}`}>ask {type}</Link>.</p></Section>
    </Columns>
  )
}
