// The history of a type: each version that was ever put, with what it changed against the one before.
import { toIso } from '@rondo/time'
import type { TypeVersionRow } from '../contract.ts'
import { listChanges } from '../domain/json-schema/list-changes.ts'
import { toDraft } from '../domain/json-schema/to-draft.ts'
import type { Draft } from '../domain/json-schema/keywords.ts'
import { parseVersion } from '../domain/schema-version.ts'
import { errors } from '../errors.ts'
import type { Room } from '../room.ts'
import { listDatedVersions } from '../store/type-store.ts'
import { getFlow } from './get-flow.ts'
import { toPlainChange } from './examine-type.ts'

/** Newest first. Throws EVENT_TYPE_NOT_FOUND. */
export async function listTypeVersions(room: Room, type: string): Promise<TypeVersionRow[]> {
  getFlow(room, type)
  const versions = await listDatedVersions(room.deps.relational, type)
  const rows = versions.map(({ definition, putAtMs }, i): TypeVersionRow => {
    const earlier = versions.slice(0, i).map((one) => one.definition)
    // An older MODEL goes on from its own newest version.
    const before = earlier.findLast(({ version }) => parseVersion(version).model === parseVersion(definition.version).model) ?? earlier.at(-1)
    const changes = before === undefined ? [] : listChanges(before.schema, definition.schema)
    return { version: definition.version, putAt: toIso(putAtMs), owner: definition.owner, schema: definition.schema, changes: changes.map(toPlainChange) }
  })
  return rows.reverse()
}

/** Throws EVENT_TYPE_NOT_FOUND, VERSION_NOT_FOUND, and SCHEMA_UNSAID where the draft has no words for it. */
export async function getSchema(room: Room, type: string, draft: Draft, version: string | undefined): Promise<Record<string, unknown>> {
  const { definition } = getFlow(room, type).type
  const asked = version === undefined || version === definition.version ? definition : (await listDatedVersions(room.deps.relational, type)).find((one) => one.definition.version === version)?.definition
  if (asked === undefined) throw errors.versionUnknown({ type, version: version ?? '' })
  const written = toDraft(asked.schema, draft)
  if ('unsaid' in written) throw errors.schemaUnsaid({ type, path: written.unsaid, draft })
  return written.schema
}
