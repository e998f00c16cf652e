// SchemaVer (Snowplow): MODEL-REVISION-ADDITION.
import type { ChangeClass } from './json-schema/list-changes.ts'

export type SchemaVersion = { model: number; revision: number; addition: number }

export function parseVersion(text: string): SchemaVersion {
  const [model = 0, revision = 0, addition = 0] = text.split('-').map(Number)
  return { model, revision, addition }
}

export function compareVersions(a: string, b: string): number {
  const x = parseVersion(a)
  const y = parseVersion(b)
  return x.model - y.model || x.revision - y.revision || x.addition - y.addition
}

/** The smallest version after `from` that may carry changes of such a class; `from` itself for none. */
export function nextVersion(from: string, largest: ChangeClass | undefined): string {
  const { model, revision, addition } = parseVersion(from)
  if (largest === undefined) return from
  if (largest === 'MODEL') return `${model + 1}-0-0`
  return largest === 'REVISION' ? `${model}-${revision + 1}-0` : `${model}-${revision}-${addition + 1}`
}
