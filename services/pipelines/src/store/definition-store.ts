// The set of definitions, kept whole: it is loaded, checked and replaced as one.
import type { Ctx } from '@rondo/context'
import { checkValue } from '@rondo/contract'
import type { Relational } from '@rondo/relational'
import { DefinitionSet, type DefinitionSet as Definitions } from '../contract.ts'
import { bumpRevision } from './revision-store.ts'
import type { PipelinesDatabase } from './tables.ts'

export async function findDefinitions(relational: Relational<PipelinesDatabase>): Promise<Definitions | undefined> {
  const row = await relational.db.selectFrom('definition_sets').select('body').where('id', '=', 1).executeTakeFirst()
  if (row === undefined) return undefined
  const set: unknown = JSON.parse(row.body)
  checkValue(DefinitionSet, set, 'definition_sets.body')
  return set as Definitions
}

export async function replaceDefinitions(relational: Relational<PipelinesDatabase>, set: Definitions, nowMs: number, ctx: Ctx): Promise<number> {
  const body = JSON.stringify(set)
  return relational.transaction(async (tx) => {
    await tx
      .insertInto('definition_sets')
      .values({ id: 1, body, put_ms: nowMs })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ body, put_ms: nowMs }))
      .execute()
    return bumpRevision(tx)
  }, ctx)
}
