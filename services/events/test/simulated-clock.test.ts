// Events of people who live by the machine's clock, in a house that lives by a simulated one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, DAY_MS, HOUR_MS, toIso } from '@rondo/time'
import { START_MS, ctx, openHouse, play, trackPlayed } from './events-house.ts'

const WALL_MS = START_MS + 9 * DAY_MS

for (const scanKernel of ['first', 'never'] as const) {
  test(`EV146 a time of the machine's clock that a simulated world cannot know yet is moved to the world's (kernel: ${scanKernel})`, async () => {
    await using folder = await createTempFolder()
    const house = await openHouse(folder.path, createManualClock(START_MS), { wallClock: createManualClock(WALL_MS), scanKernel })
    await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
    const results = await house.send([play('hour-ago', 'u', toIso(WALL_MS - HOUR_MS)), play('tomorrow', 'u', toIso(START_MS + HOUR_MS)), play('past', 'u', toIso(START_MS - DAY_MS)), play('too-far', 'u', toIso(WALL_MS + 2 * DAY_MS)), { ...play('sent', 'u', toIso(WALL_MS - HOUR_MS)), sentAt: toIso(WALL_MS) }])
    assert.deepEqual(results.map(({ status }) => status), ['accepted', 'accepted', 'accepted', 'dead', 'accepted'])
    assert.deepEqual((results[0] as { warnings?: string[] }).warnings, [`occurredAt is of the machine's clock, and a simulated world lives here: it counts as ${toIso(START_MS - HOUR_MS)}`])
    assert.match(results[3]?.reason ?? '', /more than 24 hours after it was received .*simulated world; by the machine's it is "2026-09-30T09:00:00\.000Z"\.$/)
    const { rows } = await house.api.readEvents({ type: 'track-played', order: 'asc' }, ctx)
    assert.deepEqual(rows.map(({ id, occurredAt }) => [id, occurredAt]), [['hour-ago', toIso(START_MS - HOUR_MS)], ['tomorrow', toIso(START_MS + HOUR_MS)], ['past', toIso(START_MS - DAY_MS)], ['sent', toIso(START_MS - HOUR_MS)]])
    const cloud = await house.post('/v1/cloudevents', JSON.stringify({ specversion: '1.0', id: 'c', source: '/x', type: 'track-played', time: toIso(WALL_MS), data: (play('c') as { properties: object }).properties }), { 'content-type': 'application/cloudevents+json' })
    assert.match(String(cloud.body), /"status":"accepted","warnings"/)
    await house.close()
  })
}
