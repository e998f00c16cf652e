// How the catalog speaks of things: paths and kinds, states beside their live note, relations by what they mean.
import type { EntityRow, RelationRow } from '@rondo/catalog/contract'
import type { StateWord } from '@rondo/ui'
import { formatAge, formatCount, formatThings } from '@rondo/ui/format'

/** Page of the catalog for "component:default/collector"; "" for text that is no reference. */
export function toEntityPath(ref: string): string {
  const [, kind, namespace, name] = /^([^:/]+):([^/]+)\/(.+)$/.exec(ref) ?? []
  return kind === undefined || namespace === undefined || name === undefined ? '' : `/catalog/${[kind.toLowerCase(), namespace, name].map(encodeURIComponent).join('/')}`
}

/** "service", "data endpoint", or the kind where there is no type. */
export function sayKind(row: Pick<EntityRow, 'kind' | 'type'>): string {
  return (row.type === '' ? row.kind.toLowerCase() : row.type).replaceAll('-', ' ')
}

/** "22 libraries, 1 service, 3 more": the first kinds, and how many things the rest are, so that it adds up. */
export function sayOwns(owns: readonly { kind: string; count: number }[], shown = 4): string {
  const rest = owns.slice(shown).reduce((sum, { count }) => sum + count, 0)
  const words = owns.slice(0, shown).map(({ kind, count }) => formatThings(count, kind.replaceAll('-', ' '), toPlural(kind.replaceAll('-', ' '))))
  return [...words, ...(rest === 0 ? [] : [`${formatCount(rest)} more`])].join(', ')
}

const toPlural = (kind: string): string => (/[^aeiou]y$/.test(kind) ? kind.replace(/y$/, 'ies') : `${kind}s`)

/** What stands beside the glyph: how late, how far, or the word. */
export function sayFacts(facts: EntityRow['facts']): { state: StateWord; label: string } | undefined {
  if (facts.state === null) return undefined
  const word = facts.state.charAt(0).toUpperCase() + facts.state.slice(1)
  if (facts.state === 'late' && facts.latenessMs !== null && facts.latenessMs > 0) return { state: 'late', label: `Late ${formatAge(facts.latenessMs)}` }
  if (facts.state === 'running' && facts.note !== null && facts.note.length <= 20) return { state: 'running', label: facts.note.charAt(0).toUpperCase() + facts.note.slice(1) }
  return { state: facts.state, label: word }
}

/** The room's note, where the state's label does not say it already. */
export function sayNote(facts: EntityRow['facts']): string {
  return facts.note === null || sayFacts(facts)?.label.toLowerCase() === facts.note.toLowerCase() ? '' : facts.note
}

/** Names of the rooms behind the pages that a thing is best shown on. */
export function nameRoom(path: string): string | undefined {
  const rooms: Record<string, string> = { events: 'Events', data: 'Data', experiments: 'Experiments', recommendations: 'Recommendations', listeners: 'Listeners', models: 'Models' }
  return rooms[path.split('/')[1] ?? '']
}

const relationWords: Record<string, string> = {
  dependsOn: 'Depends on', dependencyOf: 'Depended on by', providesApi: 'Provides', consumesApi: 'Consumes', apiProvidedBy: 'Provided by', apiConsumedBy: 'Consumed by',
  partOf: 'Part of', hasPart: 'Parts', ownerOf: 'Owns', hasMember: 'Members', memberOf: 'Member of', childOf: 'Within', parentOf: 'Holds',
}
const order = Object.keys(relationWords)

export type RelationGroup = { type: string; title: string; rows: RelationRow[] }

/** Relations by what they mean, in a fixed order; the owner stands elsewhere. Those that need a look come first within a group. */
export function groupRelations(relations: readonly RelationRow[], without: readonly string[] = ['ownedBy']): RelationGroup[] {
  const rank = (row: RelationRow): number => (!row.known ? 0 : row.state === null || row.state === 'healthy' ? 2 : 1)
  return [...Map.groupBy(relations.filter((row) => !without.includes(row.type)), (row) => row.type)]
    .toSorted(([a], [b]) => place(a) - place(b))
    .map(([type, rows]) => ({ type, title: relationWords[type] ?? type, rows: rows.toSorted((a, b) => rank(a) - rank(b) || a.targetTitle.localeCompare(b.targetTitle)) }))
}

const place = (type: string): number => (order.includes(type) ? order.indexOf(type) : order.length)

/** The descriptor as somebody wrote it: without what the catalog adds. */
export function toWritten(entity: Record<string, unknown>): Record<string, unknown> {
  const { relations: _relations, metadata, ...rest } = entity
  if (typeof metadata !== 'object' || metadata === null) return rest
  const { uid: _uid, etag: _etag, annotations, ...own } = metadata as Record<string, unknown>
  const kept = Object.entries(annotations ?? {}).filter(([name]) => !name.startsWith('backstage.io/managed-by'))
  const { apiVersion, kind, ...spec } = rest
  return { apiVersion, kind, metadata: { ...own, ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }) }, ...spec }
}

/** Descriptors are written by anybody: only links of the web, mail and this portal are followed. */
export function safeUrl(url: string): string | undefined {
  return /^(https?:\/\/|mailto:|\/(?!\/))/i.test(url) ? url : undefined
}
