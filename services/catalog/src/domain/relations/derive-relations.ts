// Relations follow from specs: each named reference gives one edge and its reverse, as Backstage's processors derive them.
import { DEFAULT_NAMESPACE, type Entity, type EntityRelation } from '../entity.ts'
import { findRef, formatRef, refOf } from '../entity-ref.ts'

/** field of spec → [relation from here to the target, relation back, kind that a bare name means]. */
type Edge = readonly [field: string, forward: string, backward: string, defaultKind?: string]

const owner: Edge = ['owner', 'ownedBy', 'ownerOf', 'Group']
const system: Edge = ['system', 'partOf', 'hasPart', 'System']
const dependsOn: Edge = ['dependsOn', 'dependsOn', 'dependencyOf']
const dependencyOf: Edge = ['dependencyOf', 'dependencyOf', 'dependsOn']

const edgesOfKind: Record<string, readonly Edge[]> = {
  component: [
    owner,
    system,
    ['subcomponentOf', 'partOf', 'hasPart', 'Component'],
    ['providesApis', 'providesApi', 'apiProvidedBy', 'API'],
    ['consumesApis', 'consumesApi', 'apiConsumedBy', 'API'],
    dependsOn,
    dependencyOf,
  ],
  api: [owner, system, dependsOn],
  resource: [owner, system, dependsOn, dependencyOf],
  system: [owner, ['domain', 'partOf', 'hasPart', 'Domain']],
  domain: [owner, ['subdomainOf', 'partOf', 'hasPart', 'Domain']],
  user: [['memberOf', 'memberOf', 'hasMember', 'Group']],
  group: [
    ['parent', 'childOf', 'parentOf', 'Group'],
    ['children', 'parentOf', 'childOf', 'Group'],
    ['members', 'hasMember', 'memberOf', 'User'],
  ],
  template: [owner],
}
const edgesOfOtherKinds: readonly Edge[] = [owner, system, dependsOn]

/** Relations of every entity, by its reference; those of a name that is nowhere declared are there too. Sorted, each once. */
export function deriveRelations(entities: Iterable<Entity>): Map<string, EntityRelation[]> {
  const found = new Map<string, Map<string, EntityRelation>>()
  const add = (from: string, type: string, to: string): void => {
    let own = found.get(from)
    if (own === undefined) found.set(from, (own = new Map()))
    own.set(`${type} ${to}`, { type, targetRef: to })
  }
  for (const entity of entities) {
    const source = refOf(entity)
    const namespace = entity.metadata.namespace ?? DEFAULT_NAMESPACE
    for (const [field, forward, backward, kind] of edgesOfKind[entity.kind.toLowerCase()] ?? edgesOfOtherKinds) {
      const value = entity.spec?.[field]
      for (const text of Array.isArray(value) ? (value as unknown[]) : [value]) {
        const ref = typeof text === 'string' ? findRef(text, { namespace, ...(kind === undefined ? {} : { kind }) }) : undefined
        if (ref === undefined) continue
        const target = formatRef(ref)
        add(source, forward, target)
        add(target, backward, source)
      }
    }
  }
  const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  return new Map([...found].map(([ref, own]) => [ref, [...own].sort(([a], [b]) => byName(a, b)).map(([, relation]) => relation)]))
}
