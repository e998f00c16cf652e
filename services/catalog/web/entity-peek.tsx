// A closer look at one thing, in the drawer of the catalog.
import { catalogContract, type EntityRow } from '@rondo/catalog/contract'
import { Button, formatThings, KeyValues, Link, Loaded, Owner, Section, Sentence, Tag, useRoute, When } from '@rondo/ui'
import { Facts } from './entity-columns.tsx'
import { groupRelations, nameRoom, toEntityPath } from './entity-words.ts'
import { KindWord } from './kind-icon.tsx'
import { ProblemList } from './problem-list.tsx'
import { RelationList } from './relation-list.tsx'

export function EntityPeek({ row }: { row: EntityRow }) {
  const found = useRoute(catalogContract, 'getEntity', { ref: row.ref })
  const room = nameRoom(row.path)
  return (
    <>
      <Section>
        <Sentence size="remark">{row.description === '' ? 'Nobody has described it yet.' : row.description}</Sentence>
        <KeyValues
          rows={[
            ['Kind', <KindWord key="kind" row={row} />],
            ['Owner', row.owner === null ? <span key="owner" className="late">nobody</span> : <Link key="owner" to={toEntityPath(row.owner)}><Owner name={row.ownerName ?? row.owner} /></Link>],
            ['State', <Facts key="state" row={row} />],
            ...(row.facts.note === null ? [] : [['Now', row.facts.note] as const]),
            ...(row.facts.lastRunAt === null ? [] : [['Last run', <When key="ran" at={row.facts.lastRunAt} />] as const]),
            ['Stage', row.lifecycle ?? '—'],
            ...(row.tags.length === 0 ? [] : [['Tags', <span key="tags">{row.tags.map((tag) => <span key={tag} style={{ marginRight: 5 }}><Tag>{tag}</Tag></span>)}</span>] as const]),
          ]}
        />
        {room !== undefined && <p style={{ marginTop: 12 }}><Button to={row.path}>Open in {room}</Button></p>}
      </Section>
      <Loaded of={found} what={`Could not read ${row.title}`} lines={4}>
        {({ relations, problems, file }) => (
          <>
            {problems.length > 0 && <Section title="Problems" hint={formatThings(problems.length, 'problem')}><ProblemList rows={problems} /></Section>}
            {groupRelations(relations).map((group) => <Section key={group.type} title={group.title} hint={group.rows.length > 1 ? group.rows.length : undefined}><RelationList rows={group.rows} most={8} /></Section>)}
            <Section title="Declared in">{file === null ? <p className="soft">Nothing: it came from the room that runs it.</p> : <code>{file}</code>}</Section>
          </>
        )}
      </Loaded>
    </>
  )
}
