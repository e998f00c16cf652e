// What a type's events must say: fields, their rules, and which of them are personal.
import { DataTable, EmptyState, Tag, type Column } from '@rondo/ui'
import type { Personal, SchemaField } from './schema-fields.ts'

export function PersonalTag({ mark }: { mark: Personal | undefined }) {
  if (mark === undefined) return <span className="quiet">—</span>
  return mark === 'none' ? <span className="quiet">none</span> : <Tag tone={mark === 'strict' ? 'blocked' : 'tonic'}>{mark}</Tag>
}

const columns: Column<SchemaField>[] = [
  { id: 'field', header: 'Field', cell: (row) => <code className="strong">{row.path}</code>, sort: (row) => row.path },
  { id: 'type', header: 'Type', cell: (row) => row.type, sort: (row) => row.type, narrow: 'value' },
  { id: 'required', header: 'Required', cell: (row) => (row.required ? 'required' : <span className="quiet">optional</span>), sort: (row) => (row.required ? 0 : 1), narrow: 'line' },
  { id: 'rules', header: 'Rules', cell: (row) => (row.rules.length === 0 ? <span className="quiet">—</span> : <span className="soft" style={{ whiteSpace: 'normal' }}>{row.rules.join('; ')}</span>) },
  { id: 'personal', header: 'Personal', cell: (row) => <PersonalTag mark={row.personal} />, sort: (row) => row.personal ?? '', narrow: 'line', narrowLabel: 'Personal' },
  { id: 'about', header: 'Meaning', cell: (row) => (row.description === '' ? <span className="quiet">—</span> : <span style={{ whiteSpace: 'normal' }}>{row.description}</span>), narrow: 'line' },
]

export function SchemaTable({ fields }: { fields: SchemaField[] }) {
  return <DataTable label="Fields" name="fields" rows={fields} columns={columns} rowKey={(row) => row.path} empty={<EmptyState title="It has no properties of its own.">Only the envelope: id, user and times.</EmptyState>} />
}
