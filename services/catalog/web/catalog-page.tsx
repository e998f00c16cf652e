// Everything there is and who owns it, with what is true of it now.
import { catalogContract, type EntityRow } from '@rondo/catalog/contract'
import { Button, DataTable, EmptyState, formatCount, formatDuration, formatThings, Notice, Page, StateMark, useActions, useFacets, useFitting, useKeys, useQueryState, useRoute, Views } from '@rondo/ui'
import { IconAlertTriangle, IconBinaryTree2, IconList, IconUsers } from '@tabler/icons-react'
import { CatalogGraph } from './catalog-graph.tsx'
import { entityColumns } from './entity-columns.tsx'
import { EntityPeek } from './entity-peek.tsx'
import { sayKind, toEntityPath } from './entity-words.ts'
import { FacetColumn } from './facet-column.tsx'
import { OwnersTable } from './owners-table.tsx'
import { ProblemsTable } from './problems-table.tsx'
import styles from './catalog.module.css'

const EVERY = { refetchMs: 10_000 }

export function CatalogPage() {
  const all = useRoute(catalogContract, 'listEntities', { limit: 10_000 }, EVERY)
  const problems = useRoute(catalogContract, 'listProblems', {}, EVERY)
  const summary = useRoute(catalogContract, 'summary', {}, EVERY)
  const [view, setView] = useQueryState('view', 'list')
  const rows = all.data?.rows ?? []
  const broken = problems.data?.rows ?? []
  const views = [{ id: 'list', label: 'List', icon: IconList }, { id: 'graph', label: 'Graph', icon: IconBinaryTree2 }, { id: 'owners', label: 'Owners', icon: IconUsers }, ...(broken.length > 0 || view === 'problems' ? [{ id: 'problems', label: `Problems ${broken.length}`, icon: IconAlertTriangle }] : [])]
  const text = (row: EntityRow): string => `${row.ref} ${row.title} ${row.description} ${row.type} ${row.tags.join(' ')}`
  const facets = {
    kind: { label: 'Kind', of: (row: EntityRow) => sayKind(row) },
    owner: { label: 'Owner', of: (row: EntityRow) => row.ownerName ?? undefined, name: (owner: string) => owner.replace(/^squad-/, '') },
    state: { label: 'State', of: (row: EntityRow) => row.facts.state ?? undefined },
    stage: { label: 'Stage', of: (row: EntityRow) => row.lifecycle ?? undefined },
  }
  const aside = <Views items={views} current={view} onChoose={setView} />
  const list = useFacets(rows, { text, facets, aside })
  const bare = useFacets(rows, { text, aside })
  const columns = useFitting(entityColumns, { note: 1180, lifecycle: 1420, rate: 1520 })
  const cycle = (): void => setView(views[(views.findIndex((one) => one.id === view) + 1) % views.length]?.id ?? 'list')
  useKeys((key) => key === 'v' && (cycle(), true))
  useActions([{ id: 'graph', label: 'Show how things are related', run: () => setView('graph') }, { id: 'owners', label: 'Show who owns what', run: () => setView('owners') }, ...(broken.length === 0 ? [] : [{ id: 'problems', label: `Show ${formatThings(broken.length, 'problem')} of descriptors`, run: () => setView('problems') }])])
  const errors = broken.filter((problem) => problem.severity === 'error')
  const first = errors[0]
  return (
    <Page title="Catalog" meta={summary.data === undefined ? undefined : `${formatThings(summary.data.entities, 'thing')}, ${formatThings(summary.data.owners, 'owner')}, read in ${formatDuration(summary.data.readMs)}`} copy={{ command: 'npx rondo catalog lint catalog-info.yaml', call: '/api/catalog/v1/entities' }}>
      {view === 'list' ? <><div className={styles.wideBar}>{bare.bar}</div><div className={styles.narrowBar}>{list.bar}</div></> : <div className={styles.viewBar}>{aside}</div>}
      {first !== undefined && (view === 'list' || view === 'owners') && (
        <Notice tone="bad" mark={<StateMark state="failed" />} title={`${errors.length === 1 ? 'One descriptor is' : `${formatCount(errors.length)} descriptors are`} broken; what was good before still counts.`} actions={<Button onClick={() => setView('problems')}>Show {errors.length === 1 ? 'it' : formatCount(broken.length)}</Button>}>
          <code>{first.file}:{first.line}:{first.column}</code> {first.message}
        </Notice>
      )}
      {view === 'graph' ? <CatalogGraph rows={rows} /> : view === 'owners' ? <OwnersTable /> : view === 'problems' ? <ProblemsTable state={problems} /> : (
        <div className={styles.split}>
          <FacetColumn rows={rows} facets={facets} text={text} />
          <div className={styles.main}>
            <DataTable
              label="Things of the catalog"
              rows={list.shown}
              columns={columns}
              state={all}
              defaultSort="state"
              rowKey={(row) => row.ref}
              rowHref={(row) => toEntityPath(row.ref)}
              peekTitle={(row) => row.title}
              peek={(row) => <EntityPeek row={row} />}
              empty={list.isFiltered
                ? <EmptyState title="Nothing in the catalog passes these filters." actions={<Button onClick={list.clear}>Show all {formatCount(rows.length)}</Button>} />
                : <EmptyState title="The catalog is empty.">A folder with a catalog-info.yaml is a thing; event types, datasets, experiments and flags come by themselves.</EmptyState>}
            />
          </div>
        </div>
      )}
    </Page>
  )
}
