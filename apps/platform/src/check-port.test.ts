// What a house tells of itself to another start, and to whom.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import { createHouseRoute } from './check-port.ts'

test('PF95 folder and process are told on this machine only, and to nobody who comes through a proxy or from outside', async () => {
  const tell = async (bind: string, publicUrl?: string): Promise<unknown[]> => {
    const { access, handle } = createHouseRoute('music', '/srv/music', bind, publicUrl)
    const { body } = await handle({ method: 'GET', url: '/', params: {}, query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) }, createCtx())
    return [access, JSON.parse(String(body))]
  }
  assert.deepEqual(await tell('127.0.0.1'), ['public', { rondo: { workspace: 'music', folder: '/srv/music', pid: process.pid } }])
  assert.deepEqual(await tell('127.0.0.1', 'https://rondo.example.com'), ['public', { rondo: { workspace: 'music' } }])
  assert.deepEqual(await tell('0.0.0.0'), ['read', { rondo: { workspace: 'music' } }])
})
