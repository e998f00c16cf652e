// Last good forms in SQL: the catalog's memory of files that are broken now.
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import type { DescribedEntity } from '../domain/descriptor/read-descriptors.ts'
import type { Entity } from '../domain/entity.ts'
import type { CatalogTables } from './catalog-tables.ts'

export type LastGoodStore = {
  list(): Promise<DescribedEntity[]>
  /** What is given is all there is from now on. */
  replace(entities: readonly DescribedEntity[], ctx: Ctx): Promise<void>
}

const rowsAStatement = 100

export function createLastGoodStore(relational: Relational<CatalogTables>): LastGoodStore {
  return {
    list: async () =>
      (await relational.db.selectFrom('last_good').selectAll().execute()).map((row) => ({ file: row.file, ref: row.ref, line: row.line, entity: JSON.parse(row.entity) as Entity, usable: true })),
    replace: (entities, ctx) =>
      relational.transaction(async (tx) => {
        await tx.deleteFrom('last_good').execute()
        for (let at = 0; at < entities.length; at += rowsAStatement) {
          const rows = entities.slice(at, at + rowsAStatement).map(({ file, ref, line, entity }) => ({ file, ref, line, entity: JSON.stringify(entity) }))
          await tx.insertInto('last_good').values(rows).execute()
        }
      }, ctx),
  }
}
