// Contexts of requests that are taken as a whole are sealed as on the careful path, and what is erased of them is gone.
// RONDO_FUZZ=20 npm test -- events/test/contexts sends 3,000 requests.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, type Random } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, HOUR_MS, toIso } from '@rondo/time'
import { readDelivered, type DeliveredEvent } from '../src/domain/delivered-event.ts'
import { createKeyRing } from '../src/erasure/key-ring.ts'
import { openEvents } from '../src/erasure/open-events.ts'
import { START_MS, ctx, openHouse, plainSearch, play, trackPlayed, type House } from './events-house.ts'

const ROUNDS = 150 * Number(process.env['RONDO_FUZZ'] ?? 1)

type Folder = { join(...names: string[]): string }

async function open(folder: Folder, scanKernel: 'first' | 'never', clock = createManualClock(START_MS)): Promise<House> {
  const house = await openHouse(folder.join(scanKernel), clock, { scanKernel })
  for (const body of [trackPlayed, plainSearch]) await house.api.putType({ type: body.name, body }, ctx)
  return house
}

async function readTexts(house: House, type: string): Promise<string[]> {
  return (await house.eventLog.read({ topic: `events.${type}`, partition: 0, offset: 0, maxRecords: 100_000 }, ctx)).map(({ key, value }) => `${key} ${Buffer.from(value).toString()}`)
}

/** The seals, which never read the same twice, by the pattern of a whole one only. */
const withoutSeal = (text: string): string => text.replace(/"sealed":\{"key":"[0-9a-f]{32}","data":"[A-Za-z0-9+/]+={0,2}"\}/, '"sealed":…')

/** All that can be read of them. */
async function readAll({ eventLog, deps }: House, type: string) {
  const records = await eventLog.read({ topic: `events.${type}`, partition: 0, offset: 0, maxRecords: 100_000 }, ctx)
  const opened = await openEvents(createKeyRing({ ...deps, ctx }), type, records.map((record) => readDelivered(record, record.timestampMs)))
  return opened.map(({ sealed: _sealed, ...event }) => event)
}

async function readSeals(house: House): Promise<string[]> {
  return (await readTexts(house, 'track-played')).map((text) => (JSON.parse(text.slice(text.indexOf(' '))) as DeliveredEvent).sealed?.data ?? '')
}

const LIBRARY = { library: { name: '@segment/analytics-node', version: '3.1.0' } }
const CONTEXTS = [LIBRARY, LIBRARY, LIBRARY, { ip: '10.0.0.1', page: { title: 'Ü', path: ['/', {}] } }, { client: { id: 'c1', sequence: 3 }, locale: 'de' }, { locale: 'de', client: { id: 'c1', sequence: 4 }, os: {} }, { client: { id: 'c1', sequence: 5 } }, {}, { text: 'a"b' }, undefined]

function makeEvent(random: Random, id: number): Record<string, unknown> {
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)] as T
  const made = random.next() < 0.7 ? play(`i${id}`, pick(['u1', 'u2', 'üser'])) : { id: `i${id}`, type: 'search-made', userId: pick(['u1', 'u3']), properties: { query: 'jazz', results: 2 } }
  const members = Object.entries({ ...made, context: pick(CONTEXTS), ...(random.next() < 0.3 ? { anonymousId: 'a1' } : {}) })
  if (random.next() < 0.5) members.sort(() => random.next() - 0.5)
  const event = Object.fromEntries(members)
  if (random.next() < 0.1) delete event['userId']
  return event
}

function toSegment({ id, type, occurredAt = toIso(START_MS), userId, anonymousId, properties, context }: Record<string, unknown>): object {
  return { messageId: id, type: 'track', event: type === 'track-played' ? 'Track Played' : 'searchMade', timestamp: occurredAt, userId, anonymousId, properties, context }
}

test('EV101 EV60 contexts of requests taken as a whole are stored and read as on the careful path', async () => {
  await using folder = await createTempFolder()
  const houses = [await open(folder, 'first'), await open(folder, 'never')] as const
  const random = createRandom(11)
  const space = (text: string): string => (random.next() < 0.2 ? text.replaceAll(',"', ' , "').replaceAll('":', '": ') : text)
  let made = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const events = Array.from({ length: 1 + random.int(12) }, () => makeEvent(random, random.next() < 0.1 ? random.int(made + 1) : (made += 1)))
    const lines = events.map((event) => space(JSON.stringify(event)))
    const segment = JSON.stringify({ batch: events.map(toSegment), sentAt: toIso(START_MS) })
    const form = random.int(3)
    const answers = await Promise.all(houses.map((house) => (form === 0 ? house.send(lines.join('\n')) : form === 1 ? house.send(`[${lines.join(',')}]`) : house.post('/v1/batch', segment).then(({ body }) => body))))
    assert.deepEqual(answers[0], answers[1])
  }
  for (const type of ['track-played', 'search-made']) {
    const [whole = [], careful = []] = await Promise.all(houses.map((house) => readTexts(house, type)))
    assert.ok(whole.length > 150 && whole.filter((text) => text.includes('"sealed":')).length > 100)
    // Space between members of what goes into the log as it came is not the careful path's.
    const bare = (texts: string[]): string[] => texts.map((text) => withoutSeal(text).replace(/([,{]) *"|" *([,:]) */g, '$1"$2').replaceAll(' ', ''))
    assert.deepEqual(bare(whole), bare(careful))
    const [read, carefully] = await Promise.all(houses.map((house) => readAll(house, type)))
    assert.deepEqual(read, carefully)
  }
  const [audit, careful] = await Promise.all(houses.map((house) => house.api.audit({ user: 'u1' }, ctx)))
  assert.deepEqual(audit, careful)
  for (const house of houses) await house.close()
})

test('EV102 the same context of one user and type is sealed once within an hour, and never under another key', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await open(folder, 'first', clock)
  let id = 0
  const send = async (userId: string, context: object): Promise<string> => {
    await house.send([{ ...play(`i${(id += 1)}`, userId), context }])
    return (await readSeals(house)).at(-1) as string
  }
  const first = await send('u1', LIBRARY)
  assert.equal(await send('u1', LIBRARY), first)
  assert.notEqual(await send('u1', { ip: '10.0.0.1' }), first)
  const again = await send('u1', LIBRARY)
  assert.notEqual(again, first)
  const long = { notes: 'x'.repeat(1_100) }
  assert.notEqual(await send('u3', long), await send('u3', long), 'what is long is not remembered')
  const other = await send('u2', LIBRARY)
  assert.notEqual(other, again)
  clock.advance(HOUR_MS)
  assert.notEqual(await send('u1', LIBRARY), again)
  await house.api.erase({ user: 'u1' }, ctx)
  assert.deepEqual((await readAll(house, 'track-played')).map(({ erased, context }) => erased ?? context), [true, true, true, true, long, long, LIBRARY, true])
  const back = await send('u1', LIBRARY)
  assert.ok(!(await readSeals(house)).slice(0, -1).includes(back))
  assert.deepEqual((await readAll(house, 'track-played')).at(-1)?.context, LIBRARY)
  await house.close()
})

test('EV102 events of many users whose keys are made while others come keep their order', async () => {
  await using folder = await createTempFolder()
  const house = await open(folder, 'first')
  const bodies = Array.from({ length: 30 }, (_, i) => Array.from({ length: 20 }, (__, j) => ({ ...play(`i${String(i * 20 + j).padStart(4, '0')}`, `u${(i * 7 + j) % 50}`), context: { ...LIBRARY, locale: `l${j % 3}` } })))
  await Promise.all(bodies.map((events) => house.send(events)))
  const rows = await readAll(house, 'track-played')
  assert.deepEqual(rows.map((row) => row.id), bodies.flat().map(({ id }: Record<string, unknown>) => id))
  assert.deepEqual(rows.map((row) => row.context), bodies.flat().map(({ context }) => context))
  await house.close()
})
