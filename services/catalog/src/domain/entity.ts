// Things of the catalog in Backstage's envelope, as plain data.

export type EntityLink = { url: string; title?: string; icon?: string; type?: string }

export type EntityMetadata = {
  name: string
  namespace?: string
  uid?: string
  etag?: string
  title?: string
  description?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  tags?: string[]
  links?: EntityLink[]
  [field: string]: unknown
}

export type EntityRelation = { type: string; targetRef: string }

export type Entity = {
  apiVersion: string
  kind: string
  metadata: EntityMetadata
  spec?: Record<string, unknown>
  relations?: EntityRelation[]
}

export const DEFAULT_NAMESPACE = 'default'

/** Text of a field of `spec`, or undefined where it is no text. */
export function findSpecText(entity: Entity, field: string): string | undefined {
  const value = entity.spec?.[field]
  return typeof value === 'string' ? value : undefined
}
