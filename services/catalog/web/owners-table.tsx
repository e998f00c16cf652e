// Groups, who is in them, and what they own.
import { catalogContract } from '@rondo/catalog/contract'
import type { Output } from '@rondo/contract'
import { DataTable, EmptyState, formatCount, KeyValues, Link, Section, Sentence, useFitting, useRoute, type Column } from '@rondo/ui'
import { sayOwns, toEntityPath } from './entity-words.ts'
import styles from './catalog.module.css'

type OwnerRow = Output<(typeof catalogContract)['routes']['listOwners']>['rows'][number]

const columns: Column<OwnerRow>[] = [
  { id: 'name', header: 'Group', cell: (row) => row.title, sort: (row) => row.title },
  { id: 'type', header: 'Kind', cell: (row) => row.type, sort: (row) => row.type, narrow: 'line' },
  { id: 'people', header: 'People', cell: (row) => (row.members.length === 0 ? <span className="quiet">—</span> : <span className={`clip ${styles.people}`}>{row.members.map((member) => member.title).join(', ')}</span>), sort: (row) => row.members.length, narrow: 'line' },
  { id: 'owns', header: 'Owns', cell: (row) => formatCount(row.ownsCount), sort: (row) => row.ownsCount, align: 'end', narrow: 'value' },
  { id: 'what', header: '', cell: (row) => <span className="soft">{sayOwns(row.owns)}</span> },
  { id: 'parent', header: 'Within', cell: (row) => row.parent ?? <span className="quiet">—</span>, sort: (row) => row.parent },
]

export function OwnersTable() {
  const owners = useRoute(catalogContract, 'listOwners', {}, { refetchMs: 15_000 })
  const fitting = useFitting(columns, { what: 1280, parent: 1000 })
  return (
    <DataTable
      label="Owners"
      name="owner"
      rows={owners.data?.rows ?? []}
      columns={fitting}
      state={owners}
      defaultSort="-owns"
      rowKey={(row) => row.ref}
      rowHref={(row) => toEntityPath(row.ref)}
      peekTitle={(row) => row.title}
      peek={(row) => (
        <>
          <Section>
            <Sentence size="remark">{row.description === '' ? 'Nobody has described it yet.' : row.description}</Sentence>
            <KeyValues rows={[['People', row.members.length === 0 ? '—' : <span key="people">{row.members.map((member) => <span key={member.ref} style={{ display: 'block' }}><Link className="link" to={toEntityPath(member.ref)}>{member.title}</Link></span>)}</span>], ['Within', row.parent ?? '—'], ...row.owns.map(({ kind, count }) => [kind.replaceAll('-', ' '), formatCount(count)] as const)]} />
          </Section>
        </>
      )}
      empty={<EmptyState title="No groups yet.">A Group in org/ of the workspace is an owner as soon as the file is saved.</EmptyState>}
    />
  )
}
