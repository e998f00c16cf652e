// Versions of event types in the database.
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import type { TypeDefinition } from '../domain/event-type.ts'
import type { EventsDb } from './tables.ts'

/** Rows of one statement: SQLite takes 32,766 parameters, PostgreSQL 65,535. */
const ROWS_AT_ONCE = 1000

/**
 * In one transaction. A version that exists is written over, and keeps the instant when it was first put: only its words can have changed. The types
 * are defined again, if they were not. Each type stands at most once among `definitions`.
 */
export async function saveVersions(relational: Relational<EventsDb>, definitions: TypeDefinition[], nowMs: number, ctx: Ctx): Promise<void> {
  if (definitions.length === 0) return
  await relational.transaction(async (tx) => {
    for (let from = 0; from < definitions.length; from += ROWS_AT_ONCE) {
      const some = definitions.slice(from, from + ROWS_AT_ONCE)
      const names = some.map(({ name }) => name)
      const counts = await tx
        .selectFrom('type_versions')
        .select((e) => ['type', e.fn.count<number>('version').as('position')])
        .where('type', 'in', names)
        .groupBy('type')
        .execute()
      const positions = new Map(counts.map(({ type, position }) => [type, Number(position)]))
      await tx
        .insertInto('type_versions')
        .values(some.map((definition) => ({ type: definition.name, version: definition.version, position: positions.get(definition.name) ?? 0, definition: JSON.stringify(definition), put_at: nowMs })))
        .onConflict((conflict) => conflict.columns(['type', 'version']).doUpdateSet((e) => ({ definition: e.ref('excluded.definition') })))
        .execute()
      await tx.deleteFrom('retired_types').where('type', 'in', names).execute()
    }
  }, ctx)
}

export async function saveRetired(relational: Relational<EventsDb>, type: string, atMs: number, ctx: Ctx): Promise<void> {
  await relational.transaction(async (tx) => {
    await tx.insertInto('retired_types').values({ type, at: atMs }).onConflict((conflict) => conflict.column('type').doUpdateSet({ at: atMs })).execute()
  }, ctx)
}

/** By type: since when, epoch ms. */
export async function listRetired(relational: Relational<EventsDb>): Promise<Map<string, number>> {
  const rows = await relational.db.selectFrom('retired_types').selectAll().execute()
  return new Map(rows.map((row) => [row.type, Number(row.at)]))
}

/** Oldest first. */
export async function listVersions(relational: Relational<EventsDb>, type: string): Promise<TypeDefinition[]> {
  const rows = await relational.db.selectFrom('type_versions').select('definition').where('type', '=', type).orderBy('position').execute()
  return rows.map((row) => JSON.parse(row.definition) as TypeDefinition)
}

/** Oldest first; `putAtMs`: when the version was first put. */
export async function listDatedVersions(relational: Relational<EventsDb>, type: string): Promise<{ definition: TypeDefinition; putAtMs: number }[]> {
  const rows = await relational.db.selectFrom('type_versions').select(['definition', 'put_at']).where('type', '=', type).orderBy('position').execute()
  return rows.map((row) => ({ definition: JSON.parse(row.definition) as TypeDefinition, putAtMs: Number(row.put_at) }))
}

/** Of all types, each oldest first. */
export async function listAllVersions(relational: Relational<EventsDb>): Promise<TypeDefinition[][]> {
  const rows = await relational.db.selectFrom('type_versions').select(['type', 'definition']).orderBy('type').orderBy('position').execute()
  const byType = new Map<string, TypeDefinition[]>()
  for (const row of rows) {
    const versions = byType.get(row.type) ?? []
    versions.push(JSON.parse(row.definition) as TypeDefinition)
    byType.set(row.type, versions)
  }
  return [...byType.values()]
}
