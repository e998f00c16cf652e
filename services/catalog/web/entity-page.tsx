// One thing of the catalog: who owns it, how it is now, what it stands on and who stands on it, and where it is declared.
import { catalogContract, type EntityRow } from '@rondo/catalog/contract'
import type { Output } from '@rondo/contract'
import { Button, Columns, DataTable, EmptyState, Figure, Figures, formatCount, formatDuration, formatRate, formatThings, KeyValues, Link, Loaded, Notice, Owner, Page, Section, Sentence, StateMark, Tag, useActions, useGo, usePathParam, useQueryParams, useRoute, useSetQuery, useTabs, When } from '@rondo/ui'
import { entityColumns, Facts } from './entity-columns.tsx'
import { DescriptorText } from './descriptor-text.tsx'
import { groupRelations, nameRoom, safeUrl, sayKind, toEntityPath } from './entity-words.ts'
import { families } from './graph-words.ts'
import { ProblemList } from './problem-list.tsx'
import { RelationGraph } from './relation-graph.tsx'
import { RelationList } from './relation-list.tsx'
import styles from './catalog.module.css'

type Found = Output<(typeof catalogContract)['routes']['getEntity']>
const crumbs = [{ label: 'Catalog', to: '/catalog' }]

export function EntityPage() {
  const ref = `${usePathParam('kind')}:${usePathParam('namespace')}/${usePathParam('name')}`
  const name = usePathParam('name')
  const found = useRoute(catalogContract, 'getEntity', { ref }, { refetchMs: 10_000 })
  if (found.data === undefined || found.data.row.ref !== ref.toLowerCase()) {
    if (found.error?.kind === 'not-found') return <Page title={name} crumbs={crumbs}><EmptyState title={`Nothing in the catalog is called ${name}.`} actions={<Button kind="go" to={`/catalog?q=${encodeURIComponent(name)}`}>Look for it</Button>}>{found.error.help}</EmptyState></Page>
    return <Page title={name} crumbs={crumbs}><Loaded of={{ ...found, data: undefined }} what={`Could not read ${name}`} lines={10}>{() => null}</Loaded></Page>
  }
  return <KnownEntity found={found.data} />
}

function KnownEntity({ found }: { found: Found }) {
  const { row, entity, relations, problems, file, links } = found
  const go = useGo()
  const isOwner = row.kind === 'Group' || row.kind === 'User'
  const owned = useRoute(catalogContract, 'listEntities', { owner: row.ref, limit: 1000 }, { enabled: isOwner, refetchMs: 15_000 })
  const room = nameRoom(row.path)
  const groups = groupRelations(relations, isOwner ? ['ownedBy', 'ownerOf'] : ['ownedBy'])
  const [tab, bar] = useTabs([{ id: 'overview', label: 'Overview' }, { id: 'relations', label: 'Relations', count: formatCount(relations.length) }, { id: 'descriptor', label: 'Descriptor' }, ...(problems.length > 0 ? [{ id: 'problems', label: 'Problems', count: problems.length }] : [])])
  useActions(room === undefined ? [] : [{ id: 'open-room', label: `Open ${row.title} in ${room}`, key: 'o', run: () => go(row.path) }])
  const errors = problems.filter((problem) => problem.severity === 'error')
  const first = errors[0] ?? problems[0]
  return (
    <Page
      title={row.title}
      crumbs={crumbs}
      meta={<Tag>{sayKind(row)}</Tag>}
      {...(row.facts.state === null ? {} : { state: <Facts row={row} /> })}
      aside={row.owner === null ? undefined : <Link to={toEntityPath(row.owner)}><Owner name={row.ownerName ?? row.owner} /></Link>}
      actions={room === undefined ? undefined : <Button to={row.path} keep hotkey="O">Open in {room}</Button>}
      copy={{ command: `npx rondo catalog show ${row.ref}`, call: `/api/catalog/v1/entity?ref=${encodeURIComponent(row.ref)}` }}
    >
      {bar}
      {first !== undefined && tab !== 'problems' && <Notice tone={errors.length > 0 ? 'bad' : 'late'} mark={<StateMark state={errors.length > 0 ? 'failed' : 'warned'} />} title={first.message}><code>{first.file}:{first.line}:{first.column}</code> {first.help}</Notice>}
      {tab === 'problems' && <Section title="Problems" hint={formatThings(problems.length, 'problem')}><ProblemList rows={problems} /></Section>}
      {tab === 'relations' && <Section><EntityGraph row={row} /></Section>}
      {tab === 'descriptor' && <Section title={file === null ? 'As its room tells it' : file} hint={file === null ? 'no file declares it' : 'as the catalog read it'}><DescriptorText entity={entity} /></Section>}
      {tab === 'overview' && (
        <Columns sideWidth={372} side={<About found={found} />}>
          <Section><Sentence>{row.description === '' ? (row.kind === 'User' ? row.title : 'Nobody has described it yet.') : row.description}</Sentence></Section>
          <Live found={found} />
          {isOwner ? (
            <Section flush title="Owns" hint={owned.data === undefined ? undefined : formatThings(owned.data.total, 'thing')}>
              <DataTable label="Owned things" name="owned" rows={owned.data?.rows ?? []} columns={entityColumns.filter((column) => !['owner', 'rate', 'lifecycle'].includes(column.id))} state={owned} defaultSort="state" rowKey={(one) => one.ref} rowHref={(one) => toEntityPath(one.ref)} empty={<EmptyState title={`${row.title} owns nothing.`}>{row.kind === 'User' ? 'Groups own things; people are in groups.' : 'Name it as spec.owner of what it keeps.'}</EmptyState>} />
            </Section>
          ) : groups.length === 0 && <Section><p className="soft">It stands alone: nothing names it, and it names nothing.</p></Section>}
          {groups.length > 0 && <div className={styles.groups}>{groups.map((group) => <Section key={group.type} title={group.title} hint={group.rows.length > 1 ? formatCount(group.rows.length) : undefined}><RelationList rows={group.rows} /></Section>)}</div>}
          {links.length > 0 && <Section title="Links"><ul>{links.map((link) => <li key={link.url}><a className="link" href={safeUrl(link.url)} target="_blank" rel="noreferrer">{link.title}</a></li>)}</ul></Section>}
        </Columns>
      )}
    </Page>
  )
}

/** Its neighbourhood; another thing leads to that thing's own. */
function EntityGraph({ row }: { row: EntityRow }) {
  const go = useGo()
  const query = useQueryParams()
  const setQuery = useSetQuery()
  const shown = query.get('relations')?.split(',').filter((id) => id !== 'none') ?? families.map(({ id }) => id)
  return (
    <RelationGraph
      focus={row.ref}
      title={row.title}
      depth={Number(query.get('depth') ?? 1)}
      onDepth={(depth) => setQuery({ depth: depth === 1 ? undefined : String(depth) })}
      shown={shown}
      onShown={(ids) => setQuery({ relations: ids.length === 0 ? 'none' : ids.join(',') })}
      onChoose={(ref) => ref !== row.ref && go(`${toEntityPath(ref)}?tab=relations`)}
      onOpenList={go}
    />
  )
}

/** What the room that runs it says now; nothing where no room does. */
function Live({ found: { row } }: { found: Found }) {
  const { facts } = row
  const figures = [
    ...(facts.ratePerHour === null ? [] : [<Figure key="rate" value={formatRate(facts.ratePerHour / 3600)} label="in the last hour" />]),
    ...(facts.lastRunAt === null ? [] : [<Figure key="ran" value={<When at={facts.lastRunAt} />} label="last run" />]),
    ...(facts.latenessMs === null ? [] : [<Figure key="late" value={facts.latenessMs === 0 ? 'in time' : formatDuration(facts.latenessMs)} label={facts.latenessMs === 0 ? 'kept its promise' : 'past its promise'} {...(facts.latenessMs === 0 ? {} : { tone: 'late' as const })} />]),
    ...(facts.note === null ? [] : [<Figure key="note" value={facts.note} label="now" />]),
  ]
  return figures.length === 0 ? null : <div className={styles.live}><Figures>{figures}</Figures></div>
}

function About({ found: { row, entity, file } }: { found: Found }) {
  const spec = (typeof entity['spec'] === 'object' && entity['spec'] !== null ? entity['spec'] : {}) as Record<string, unknown>
  const email = typeof spec['profile'] === 'object' && spec['profile'] !== null && 'email' in spec['profile'] ? String(spec['profile'].email) : undefined
  return (
    <Section title="About">
      <KeyValues
        rows={[
          ['Kind', row.type === '' ? row.kind : `${row.kind}, ${row.type.replaceAll('-', ' ')}`],
          ...(row.owner === null ? (row.kind === 'Group' || row.kind === 'User' ? [] : [['Owner', <span key="owner" className="late">nobody</span>] as const]) : [['Owner', <Link key="owner" className="link" to={toEntityPath(row.owner)}>{row.ownerName}</Link>] as const]),
          ...(row.system === null ? [] : [['System', <Link key="system" className="link" to={toEntityPath(row.system.includes(':') ? row.system : `system:${row.namespace}/${row.system}`)}>{row.system.replace(/^.*\//, '')}</Link>] as const]),
          ...(row.lifecycle === null ? [] : [['Stage', row.lifecycle] as const]),
          ...(email === undefined ? [] : [['Mail', email] as const]),
          ...(row.tags.length === 0 ? [] : [['Tags', <span key="tags" className={styles.tags}>{row.tags.map((tag) => <Tag key={tag}>{tag}</Tag>)}</span>] as const]),
          ['Declared in', file === null ? 'no file: it is live' : <code key="file">{file}</code>],
          ['Reference', <code key="ref">{row.ref}</code>],
        ]}
      />
    </Section>
  )
}
