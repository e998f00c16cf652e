// Registered locations in SQL.
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import type { CatalogTables } from './catalog-tables.ts'

export type RegisteredLocation = { id: string; type: string; target: string }

export type LocationStore = {
  /** By type and target. */
  list(): Promise<RegisteredLocation[]>
  /** False when that place is registered already. */
  add(location: RegisteredLocation, ctx: Ctx): Promise<boolean>
  /** False when there is none of that id. */
  remove(id: string, ctx: Ctx): Promise<boolean>
}

export function createLocationStore(relational: Relational<CatalogTables>): LocationStore {
  return {
    list: async () => relational.db.selectFrom('location').selectAll().orderBy('type').orderBy('target').execute(),
    add: (location, ctx) =>
      relational.transaction(async (tx) => {
        const same = await tx.selectFrom('location').select('id').where('type', '=', location.type).where('target', '=', location.target).executeTakeFirst()
        if (same !== undefined) return false
        await tx.insertInto('location').values(location).execute()
        return true
      }, ctx),
    remove: (id, ctx) => relational.transaction(async (tx) => Number((await tx.deleteFrom('location').where('id', '=', id).executeTakeFirst()).numDeletedRows) > 0, ctx),
  }
}
