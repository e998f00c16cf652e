// What an erasure would cover, and whether a person says yes to it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import type { Connection } from './connect.ts'
import { eraseUser, sayCovered } from './erase-user.ts'
import type { Terminal } from './terminal.ts'

const found = { user: 'ada', keys: 2, readable: 1_203, rows: [{ place: 'log' as const, type: 'search-made', records: 1_200, sealed: 1_200, plain: 0, readable: 1_200 }, { place: 'buckets' as const, type: 'old', records: 3, sealed: 0, plain: 3, readable: 3 }] }

test('PF129 it is told how many keys, copies and types an erasure covers, and what stays', () => {
  assert.equal(sayCovered(found), ['Erasing "ada" destroys 2 keys: 1,200 copies of what is personal in events of 1 type can never be read again, by anybody.', '  log      search-made: 1,200', '3 copies written before there were keys stay until the retention of their type.', 'Events themselves stay, and what is not personal in them.'].join('\n'))
  assert.match(sayCovered({ ...found, keys: 0 }), /^There is no key of "ada"/)
})

test('PF129 only who types the id again erases it', async () => {
  for (const [typed, code, erased] of [['ada', 0, 1], ['y', 1, 0], ['', 1, 0]] as const) {
    let calls = 0
    const said: string[] = []
    const peer = (() => ({ audit: async () => found, erase: async () => ((calls += 1), { user: 'ada', keys: 2, erasedAt: '' }) })) as Connection['peer']
    const terminal = { json: false, canAsk: true, progress: () => {}, ask: async () => typed, say: (text: string) => void said.push(text), object: (_: unknown, text: () => string) => void said.push(text()) }
    assert.equal(await eraseUser({ positionals: ['erase', 'ada'], values: {} }, { peer, ctx: createCtx(), settle: async () => {}, close: async () => {} }, terminal as Partial<Terminal> as Terminal), code)
    assert.equal(calls, erased)
    assert.match(said[0] ?? '', /1,200 copies/)
  }
})
