// PostgreSQL under the suite.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createCtx } from '@rondo/context'
import { engineUrl } from '@rondo/tools/engines'
import { sql } from 'kysely'
import { testRelational } from '../src/conformance.ts'
import { openRelational } from '../src/index.ts'

const { url, skip } = engineUrl('postgres')
const ctx = createCtx()
let schemas = 0

describe('postgres', { skip }, () => {
  testRelational('postgres', async () => {
    const address = `${url}?schema=suite_${process.pid}_${(schemas += 1)}`
    return { open: <DB>() => openRelational<DB>(address), persistent: true, dispose: () => dropSchema(address) }
  })
})

async function dropSchema(address: string): Promise<void> {
  const store = await openRelational(address)
  await sql`drop schema ${sql.id(new URL(address).searchParams.get('schema') ?? '')} cascade`.execute(store.db)
  await store.close()
}
