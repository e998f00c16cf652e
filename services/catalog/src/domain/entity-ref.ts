// References between things, after Backstage's grammar:  [kind:][namespace/]name
import { DEFAULT_NAMESPACE, type Entity } from './entity.ts'

export type EntityRef = { kind: string; namespace: string; name: string }

const grammar = /^(?:([^:/]+):)?(?:([^:/]+)\/)?([^:/]+)$/

/** Undefined where the text is no reference, or names no kind and there is no default for it. Parts keep their case. */
export function findRef(text: string, defaults: { kind?: string; namespace?: string } = {}): EntityRef | undefined {
  const [, kind = defaults.kind, namespace = defaults.namespace ?? DEFAULT_NAMESPACE, name] = grammar.exec(text.trim()) ?? []
  if (kind === undefined || name === undefined) return undefined
  return { kind, namespace, name }
}

/** "component:default/collector": lower case, as references are compared. */
export function formatRef(ref: EntityRef): string {
  return `${ref.kind}:${ref.namespace}/${ref.name}`.toLowerCase()
}

export function refOf(entity: Entity): string {
  return formatRef({ kind: entity.kind, namespace: entity.metadata.namespace ?? DEFAULT_NAMESPACE, name: entity.metadata.name })
}
