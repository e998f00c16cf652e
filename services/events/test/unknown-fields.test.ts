// Fields beside those of the wire: the event is taken, and whoever sent it is told.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { START_MS, ctx, openHouse, play, trackPlayed } from './events-house.ts'

test('EV144 an event with a field that nobody reads is taken with a warning, and its plain neighbours have none', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const { userId: _, occurredAt: __, ...bare } = play('odd') as { id: string; userId: string; occurredAt: string }
  const odd = { ...bare, user_id: 'u1', timestamp: '2026-09-21T09:00:00Z', 'say "hi"': 1 }
  const warnings = ['unknown field "user_id", which is not kept: did you mean userId?', 'unknown field "timestamp", which is not kept: did you mean occurredAt?', 'unknown field "say \\"hi\\"", which is not kept']
  assert.deepEqual(await house.send([play('p1'), odd, odd, play('p2')]), [{ id: 'p1', status: 'accepted' }, { id: 'odd', status: 'accepted', warnings }, { id: 'odd', status: 'duplicate', warnings }, { id: 'p2', status: 'accepted' }])
  const { unknownFields } = await house.api.getType({ type: 'track-played' }, ctx)
  assert.deepEqual(unknownFields?.map(({ field, count, meant }) => [field, count, meant]), [['user_id', 1, 'userId'], ['timestamp', 1, 'occurredAt'], ['say "hi"', 1, null]])
  const metric = house.service.metrics?.().find(({ name }) => name === 'rondo_events_unknown_fields_total')
  assert.deepEqual(metric?.samples.map(({ labels, value }) => [labels, value])[0], [{ type: 'track-played', field: 'user_id' }, 1])
  await house.close()
})

test('EV144 the same without the kernel, and nothing is counted of plain events or of dialects', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS), { scanKernel: 'never' })
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const { properties } = play('x') as { properties: object }
  await house.send([play('p1')])
  await house.post('/v1/track', JSON.stringify({ messageId: 'm1', userId: 'u1', event: 'Track Played', timestamp: '2026-09-21T09:00:00Z', properties, odd: 1 }), { 'content-type': 'application/json' })
  assert.equal((await house.api.getType({ type: 'track-played' }, ctx)).unknownFields, undefined)
  assert.match(JSON.stringify(await house.send([{ ...play('q'), props: {} }])), /"warnings":\["unknown field .{1,2}props.{1,2}, which is not kept: did you mean properties\?"\]/)
  await house.close()
})

test('EV145 names of unknown fields are bounded, however many are sent', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const many = (i: number): object => ({ ...play(`e${i}`), ...Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${i}-${at}-${'x'.repeat(at === 0 ? 1000 : 1)}`, 1])) })
  const results = await house.send(Array.from({ length: 50 }, (_, i) => many(i)))
  for (const { warnings = [] } of results as { warnings?: string[] }[]) assert.ok(warnings.length === 5 && warnings.every((warning) => warning.length < 150))
  const { unknownFields = [] } = await house.api.getType({ type: 'track-played' }, ctx)
  assert.equal(unknownFields.length, 21)
  assert.deepEqual([unknownFields[0]?.field, unknownFields.reduce((sum, { count }) => sum + count, 0)], ['…', 250])
  await house.close()
})
