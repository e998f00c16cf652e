// Readers with a name go on where they were, and everybody sees how far behind they are.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { START_MS, ctx, openHouse, play, trackPlayed, type House } from './events-house.ts'

const read = async (house: House, options: { after?: string; limit?: number } = {}): Promise<{ ids: string[]; next: string }> => {
  const { rows, next } = await house.api.readEvents({ type: 'track-played', order: 'asc', reader: 'billing', ...options }, ctx)
  return { ids: rows.map(({ id }) => id), next }
}

test('EV81 a named reader goes on behind what it has done, also after a restart, and is told how far behind it is', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await house.send(['a', 'b', 'c'].map((id) => play(id)))
  clock.advance(60_000)
  await house.send([play('d')])
  const first = await read(house, { limit: 2 })
  assert.deepEqual(first.ids, ['a', 'b'])
  assert.deepEqual((await read(house, { limit: 1 })).ids, ['a'], 'nothing was done yet')
  assert.deepEqual((await read(house, { after: first.next, limit: 1 })).ids, ['c'])
  const [row] = (await house.api.listReaders({}, ctx)).rows
  assert.deepEqual([row?.reader, row?.cursor, row?.lag, row?.lagMs], ['billing', first.next, 2, 60_000])
  assert.deepEqual(house.service.metrics?.().find(({ name }) => name === 'rondo_events_reader_lag')?.samples, [{ labels: { type: 'track-played', reader: 'billing' }, value: 2 }])
  await house.settle()
  await house.close()

  house = await openHouse(folder.path, clock)
  const again = await read(house)
  assert.deepEqual(again.ids, ['c', 'd'])
  await read(house, { after: again.next })
  assert.deepEqual((await house.api.listReaders({ type: 'track-played' }, ctx)).rows.map(({ lag, lagMs }) => [lag, lagMs]), [[0, 0]])
  await house.close()
})

test('EV82 a reader is put to a place or an instant, and forgotten', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  for (const id of ['a', 'b', 'c']) {
    await house.send([play(id)])
    clock.advance(1_000)
  }
  const move = async (to: string): Promise<string[]> => {
    await house.api.moveReader({ type: 'track-played', reader: 'billing', body: { to } }, ctx)
    return (await read(house)).ids
  }
  assert.deepEqual(await move('end'), [])
  assert.deepEqual(await move('start'), ['a', 'b', 'c'])
  assert.deepEqual(await move(new Date(START_MS + 1_000).toISOString()), ['b', 'c'])
  assert.deepEqual(await move('v1.2'), ['c'])
  await assert.rejects(move('soon'), { code: 'CURSOR_INVALID' })
  await assert.rejects(move('2026-99-99'), { code: 'INSTANT_INVALID' })
  await assert.rejects(house.api.readEvents({ type: 'track-played', reader: 'billing' }, ctx), { code: 'READER_BACKWARDS' })
  await house.api.forgetReader({ type: 'track-played', reader: 'billing' }, ctx)
  assert.deepEqual((await house.api.listReaders({}, ctx)).rows, [])
  await assert.rejects(house.api.forgetReader({ type: 'track-played', reader: 'billing' }, ctx), { code: 'READER_NOT_FOUND' })
  assert.deepEqual((await read(house)).ids, ['a', 'b', 'c'])
  await house.close()
})

test('EV82 a reader that never asks again holds back nothing, and goes on at the oldest that is kept', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await house.api.putType({ type: 'track-played', body: { ...trackPlayed, retention: '1h' } }, ctx)
  await house.send([play('a')])
  const { next } = await read(house)
  await read(house, { after: next, limit: 1 })
  await house.api.moveReader({ type: 'track-played', reader: 'billing', body: { to: 'start' } }, ctx)
  for (let hour = 0; hour < 60; hour += 1) {
    clock.advance(60 * 60_000)
    await house.settle()
  }
  await house.send([play('z', 'u', new Date(clock.now()).toISOString())])
  assert.deepEqual((await read(house)).ids, ['z'])
  await house.close()
})
