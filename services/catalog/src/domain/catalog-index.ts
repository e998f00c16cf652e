// The catalog at one moment: every entity with its relations, its indexed terms, its problems and its facts. Never changed, only built anew.
import { fingerprint } from '@rondo/hash'
import type { LiveFacts, Problem } from '../contract.ts'
import type { DescribedEntity } from './descriptor/read-descriptors.ts'
import { DEFAULT_NAMESPACE, findSpecText, type Entity } from './entity.ts'
import { findRef, formatRef, refOf } from './entity-ref.ts'
import { NO_FACTS, type LiveThing } from './live-thing.ts'
import { orderBy, type OrderField } from './query/order.ts'
import { toSearchTerms, type SearchTerms } from './query/search-terms.ts'
import { deriveRelations } from './relations/derive-relations.ts'

export type CatalogEntry = {
  ref: string
  /** As Backstage's catalog answers it: with uid, etag, relations and where it comes from. */
  entity: Entity
  terms: SearchTerms
  /** Full reference of the owner, whether that is in the catalog or not. */
  ownerRef: string | undefined
  source: 'file' | 'live'
  file: string | undefined
  path: string
  facts: LiveFacts
  problems: Problem[]
}

export type CatalogIndex = {
  entries: ReadonlyMap<string, CatalogEntry>
  /** All of them in that order, as `orderBy` gives it; the last few orders asked for are kept. */
  inOrder(fields: readonly OrderField[], missing: 'drop' | 'last'): readonly CatalogEntry[]
  /** Problems of files, and those that only show when all is put together. */
  problems: readonly Problem[]
}

const ORDERS_KEPT = 8

export type IndexInput = {
  /** Files below it are shown relative to it. Ends without a slash. */
  folder: string
  described: readonly DescribedEntity[]
  problems: readonly Problem[]
  live: readonly LiveThing[]
  /** Facts of entities that are declared in files, by reference. */
  factsOfDeclared: ReadonlyMap<string, LiveFacts>
}

export function buildCatalogIndex(input: IndexInput): CatalogIndex {
  const shorten = (file: string): string => (file.startsWith(`${input.folder}/`) ? file.slice(input.folder.length + 1) : file)
  const problems = input.problems.map((problem) => ({ ...problem, file: shorten(problem.file) }))
  const taken = new Map<string, { entity: Entity; source: 'file' | 'live'; file?: string; line: number; path?: string; facts: LiveFacts; origin: string }>()
  for (const { ref, entity, file, line } of input.described) {
    const first = taken.get(ref)
    if (first === undefined) taken.set(ref, { entity, source: 'file', file, line, facts: input.factsOfDeclared.get(ref) ?? NO_FACTS, origin: `file:${file}` })
    else {
      problems.push({
        severity: 'error',
        code: 'ENTITY_CONFLICT',
        message: `"${ref}" is declared here and in ${first.file === undefined ? 'another place' : shorten(first.file)}; that one counts.`,
        help: 'Rename one of the two, or remove it.',
        file: shorten(file),
        line,
        column: 1,
        ref,
      })
    }
  }
  for (const thing of input.live) {
    const entity = taken.has(refOf(thing.entity)) ? withTypeInName(thing.entity) : thing.entity
    taken.set(refOf(entity), { entity, source: 'live', line: 1, path: thing.path, facts: thing.facts, origin: `rondo:${thing.room}` })
  }

  const relations = deriveRelations([...taken.values()].map(({ entity }) => entity))
  const entries = new Map<string, CatalogEntry>()
  for (const [ref, { entity, source, file, line, path, facts, origin }] of taken) {
    const ownerRef = findOwnerRef(entity)
    if (ownerRef !== undefined && !taken.has(ownerRef)) {
      problems.push({
        severity: 'warning',
        code: 'OWNER_UNKNOWN',
        message: `${ref} is owned by "${ownerRef}", which is not in the catalog.`,
        help: 'Name a group that is in org/*.yaml, or add it there.',
        file: file === undefined ? origin : shorten(file),
        line,
        column: 1,
        ref,
      })
    }
    const complete = complement(entity, ref, relations.get(ref) ?? [], origin)
    entries.set(ref, { ref, entity: complete, terms: toSearchTerms(complete), ownerRef, source, file: file === undefined ? undefined : shorten(file), path: path ?? toPortalPath(entity), facts, problems: [] })
  }
  for (const problem of problems) if (problem.ref !== null) entries.get(problem.ref)?.problems.push(problem)
  return { entries, problems, inOrder: keepOrders([...entries.values()]) }
}

function keepOrders(entries: readonly CatalogEntry[]): CatalogIndex['inOrder'] {
  const kept = new Map<string, readonly CatalogEntry[]>()
  return (fields, missing) => {
    const key = JSON.stringify([fields, missing])
    const found = kept.get(key) ?? orderBy(entries, fields, missing)
    kept.delete(key)
    kept.set(key, found)
    for (const oldest of kept.keys()) if (kept.size > ORDERS_KEPT) kept.delete(oldest)
    return found
  }
}

/** "/catalog/component/default/collector" */
export function toPortalPath(entity: Entity): string {
  const { kind, metadata } = entity
  return `/catalog/${[kind.toLowerCase(), metadata.namespace ?? DEFAULT_NAMESPACE, metadata.name].map(encodeURIComponent).join('/')}`
}

function findOwnerRef(entity: Entity): string | undefined {
  const text = findSpecText(entity, 'owner')
  const ref = text === undefined ? undefined : findRef(text, { kind: 'Group', namespace: entity.metadata.namespace ?? DEFAULT_NAMESPACE })
  return ref === undefined ? undefined : formatRef(ref)
}

function withTypeInName(entity: Entity): Entity {
  return { ...entity, metadata: { ...entity.metadata, name: `${entity.metadata.name}-${findSpecText(entity, 'type') ?? 'live'}`, title: entity.metadata.title ?? entity.metadata.name } }
}

function complement(entity: Entity, ref: string, relations: Entity['relations'], origin: string): Entity {
  const annotations = { ...entity.metadata.annotations, 'backstage.io/managed-by-location': origin, 'backstage.io/managed-by-origin-location': origin }
  const metadata = { namespace: DEFAULT_NAMESPACE, ...entity.metadata, annotations, uid: toUid(ref) }
  const whole: Entity = { ...entity, metadata, relations: relations ?? [] }
  return { ...whole, metadata: { ...metadata, etag: fingerprint(JSON.stringify(whole)) } }
}

/** The same thing keeps its uid over restarts: a UUID (version 8, RFC 9562) of the hash of its reference. */
function toUid(ref: string): string {
  const hex = fingerprint(ref) + fingerprint(`${ref}#`)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
