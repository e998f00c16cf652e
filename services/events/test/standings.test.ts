// Where types stand against their promises, and what is told when one breaks it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, HOUR_MS } from '@rondo/time'
import type { EventTypeDefinition } from '../src/contract.ts'
import { ctx, openHouse, play, START_MS, trackPlayed, type House } from './events-house.ts'

const named = (name: string, slo: EventTypeDefinition['slo']): EventTypeDefinition => ({ ...trackPlayed, name, slo })

async function putAll(house: House): Promise<void> {
  for (const slo of ['gold', 'silver', 'bronze'] as const) await house.api.putType({ type: slo, body: named(slo, slo) }, ctx)
}

const told = async (house: House): Promise<string[]> => (await house.api.pulse({}, ctx)).attention.map(({ subject, state }) => `${subject} ${state}`)
const misses = async (house: House): Promise<string[]> => (await house.api.standings({}, ctx)).rows.flatMap((row) => row.misses.map((miss) => `${row.type} ${miss}`))

test('EV83 more dead letters than its service level allows make a type bad: 0.5, 1 and 5 percent of a day', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await putAll(house)
  const send = (good: number, dead: number) =>
    house.send(['gold', 'silver', 'bronze'].flatMap((type) => [...Array.from({ length: good }, (_, i) => ({ ...play(`${type}-${good}-${i}`), type })), ...Array.from({ length: dead }, (_, i) => ({ ...play(`${type}-d-${good}-${i}`, 'u', undefined, { playedMs: -1 }), type }))]))
  await send(199, 1)
  assert.deepEqual(await misses(house), [])
  await send(100, 1)
  assert.deepEqual(await misses(house), ['gold bad'])
  await send(10, 3)
  assert.deepEqual([await misses(house), await told(house)], [['gold bad', 'silver bad'], ['gold warned', 'silver warned']])
  await send(1, 15)
  assert.deepEqual(await misses(house), ['bronze bad', 'gold bad', 'silver bad'])
  assert.match((await house.api.pulse({}, ctx)).attention[0]?.message ?? '', /20 of 330 in the last day do not fit the schema: 6\.1 %, gold allows 0\.5 %\./)
  await house.close()
})

test('EV84 a type is late when its service level says: after 1 h 15 min, 2 h, 6 h in no bucket', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await putAll(house)
  await house.send(['gold', 'silver', 'bronze'].map((type) => ({ ...play(type), type })))
  const after = async (minutes: number): Promise<string[]> => {
    clock.moveTo(START_MS + minutes * 60_000)
    return misses(house)
  }
  assert.deepEqual([await after(75), await after(76), await after(121), await after(361)], [[], ['gold late'], ['gold late', 'silver late'], ['bronze late', 'gold late', 'silver late']])
  assert.deepEqual(await told(house), ['gold late', 'silver late', 'bronze late'])
  await house.settle()
  assert.deepEqual(await misses(house), [])
  await house.close()
})

test('EV85 a standing holds the hours of the day beside their usual, and says when a type falls silent; bronze may', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await putAll(house)
  for (let hour = 0; hour < 150; hour += 1) {
    await house.send(['gold', 'silver', 'bronze'].flatMap((type) => [{ ...play(`a${hour}`), type }, { ...play(`b${hour}`), type }]))
    clock.advance(HOUR_MS)
    await house.settle()
  }
  const gold = (await house.api.standings({}, ctx)).rows.find((row) => row.type === 'gold')
  assert.deepEqual([gold?.values.length, gold?.values[22], gold?.values[23], gold?.usual[22], gold?.spread[22]], [24, 2, 0, 2, 0])
  assert.deepEqual([gold?.accepted, gold?.closed, gold?.personal], [46, { hours: 23, delivered: 46, landed: 46, inFlight: 0, wrongHours: 0, wrong: 0 }, 'none'])
  clock.advance(2 * HOUR_MS)
  assert.deepEqual(await misses(house), [])
  clock.advance(HOUR_MS)
  assert.deepEqual([await misses(house), await told(house)], [['gold silent', 'silver silent'], ['gold silent', 'silver silent']])
  await house.close()
})

test('EV86 a closed hour whose account does not add up is told, with how many are missing', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await putAll(house)
  await house.send([{ ...play('a'), type: 'gold' }, { ...play('b'), type: 'gold' }])
  clock.advance(HOUR_MS)
  await house.settle()
  assert.deepEqual(await misses(house), [])
  await house.deps.relational.db.updateTable('hour_reports').set({ landed: 1 }).where('type', '=', 'gold').execute()
  clock.advance(HOUR_MS)
  assert.deepEqual(await misses(house), ['gold incomplete'])
  const [attention] = (await house.api.pulse({}, ctx)).attention
  assert.deepEqual([attention?.state, attention?.ref, attention?.message], ['failed', '/events/gold?tab=buckets', '1 of "gold" is unaccounted for in 1 closed hour of the last day.'])
  await house.close()
})

test('EV87 what is usual is summed once for each hour that closes, and asked as often as anybody likes', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  await putAll(house)
  const noteOf = async (): Promise<number | undefined> => (await house.api.standings({}, ctx)).rows.find((row) => row.type === 'gold')?.values[22]
  const hour = async (id: string): Promise<void> => {
    await house.send([{ ...play(id), type: 'gold' }])
    clock.advance(HOUR_MS)
    await house.settle()
  }
  await hour('a')
  assert.equal(await noteOf(), 1)
  await house.deps.relational.db.updateTable('buckets').set({ rows: 7 }).where('type', '=', 'gold').execute()
  assert.equal(await noteOf(), 1)
  await hour('b')
  assert.deepEqual([await noteOf(), (await house.api.standings({}, ctx)).rows.find((row) => row.type === 'gold')?.values[21]], [1, 7])
  await house.close()
})
