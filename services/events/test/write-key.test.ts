// Whoever guesses write keys is known by its address, at each door of the collector.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineErrors, entry } from '@rondo/errors'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { START_MS, ctx, openHouse } from './events-house.ts'

const { guessing } = defineErrors({ guessing: entry({ code: 'TOO_MANY_FAILURES', kind: 'limited', message: (d: { source: string }) => `Too many wrong secrets came from "${d.source}".` }) })

test('EV5 a guessed key is held against the address it came from, at every door', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  house.deps.authenticate = async (_secret, _kinds, _ctx, source) => {
    throw guessing({ source: source ?? 'nowhere' })
  }
  const doors = (house.service.raw ?? []).filter((route) => route.method === 'POST' && route.access === 'open')
  assert.ok(doors.length >= 18)
  for (const route of doors) {
    const request = { method: 'POST', url: route.path, params: {}, query: new URLSearchParams(), headers: { authorization: 'Bearer guess' }, body: Buffer.from('{}'), peer: '10.0.0.9' }
    // Segment's clients are answered in their own words.
    const outcome = await route.handle(request, ctx).then(({ status, body }) => ({ status, ...(JSON.parse(String(body)) as { code: string; message: string }) }), ({ code, message, kind }: { code: string; message: string; kind: string }) => ({ status: kind === 'limited' ? 429 : 0, code, message }))
    assert.deepEqual([outcome.status, outcome.code], [429, 'TOO_MANY_FAILURES'], route.path)
    assert.match(outcome.message, /"10\.0\.0\.9"/)
  }
  await house.close()
})
