// PostgreSQL under the suite.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { engineUrl } from '@rondo/tools/engines'
import { sql } from 'kysely'
import { testRelational } from '../src/conformance.ts'
import { openRelational } from '../src/index.ts'
import { dropSchema, withSchema } from './schemas.ts'

const { url, skip } = engineUrl('postgres')

describe('the suite', { skip }, () => {
  testRelational('postgres', async () => {
    const address = withSchema(url)
    return { open: <DB>() => openRelational<DB>(address), persistent: true, dispose: () => dropSchema(address) }
  })

  test('RL6 a text with a zero byte, which PostgreSQL cannot hold, is refused', async () => {
    const address = withSchema(url)
    const store = await openRelational<never>(address)
    await assert.rejects(sql`select ${'a\0b'} as x`.execute(store.db), { code: 'BAD_PARAMETER' })
    await store.close()
    await dropSchema(address)
  })
})
