// Versions of event types in the database.
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import type { TypeDefinition } from '../domain/event-type.ts'
import type { EventsDb } from './tables.ts'

/** A version that exists is written over: only its words can have changed. The type is defined again, if it was not. */
export async function saveVersion(relational: Relational<EventsDb>, definition: TypeDefinition, nowMs: number, ctx: Ctx): Promise<void> {
  await relational.transaction(async (tx) => {
    const { position } = await tx
      .selectFrom('type_versions')
      .select((e) => e.fn.count<number>('version').as('position'))
      .where('type', '=', definition.name)
      .executeTakeFirstOrThrow()
    const text = JSON.stringify(definition)
    await tx
      .insertInto('type_versions')
      .values({ type: definition.name, version: definition.version, position: Number(position), definition: text, put_at: nowMs })
      .onConflict((conflict) => conflict.columns(['type', 'version']).doUpdateSet({ definition: text, put_at: nowMs }))
      .execute()
    await tx.deleteFrom('retired_types').where('type', '=', definition.name).execute()
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
