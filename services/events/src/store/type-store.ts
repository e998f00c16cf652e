// Versions of event types in the database.
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import type { TypeDefinition } from '../domain/event-type.ts'
import type { EventsDb } from './tables.ts'

/** A version that exists is written over: only its words can have changed. */
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
  }, ctx)
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
