// Requests that the kernel takes as a whole come to the same answers, records and counts as on the careful path.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { START_MS, ctx, openHouse, play, trackPlayed, type House } from './events-house.ts'

const liked = { ...trackPlayed, name: 'track-liked', schema: { type: 'object', properties: { trackId: { type: 'string', personal: 'none' } }, additionalProperties: false } } as const

const OPEN = { whole: 'first', careful: 'never' } as const

async function openBoth(folder: { join(...names: string[]): string }): Promise<[House, House]> {
  const open = async (reading: keyof typeof OPEN): Promise<House> => {
    const house = await openHouse(folder.join(reading), createManualClock(START_MS), { scanKernel: OPEN[reading] })
    for (const body of [trackPlayed, liked]) await house.api.putType({ type: body.name, body }, ctx)
    return house
  }
  return [await open('whole'), await open('careful')]
}

async function readLog(house: House, type: string): Promise<unknown[]> {
  const records = await house.eventLog.read({ topic: `events.${type}`, partition: 0, offset: 0 }, ctx)
  return records.map(({ key, value, headers, offset }) => ({ key, text: Buffer.from(value).toString(), headers, offset }))
}

test('EV9 EV1 a request taken as a whole is answered, stored and counted as one read carefully', async () => {
  await using folder = await createTempFolder()
  const houses = await openBoth(folder)
  const random = createRandom(5)
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)] as T
  let made = 0
  for (let round = 0; round < 60; round += 1) {
    const events = Array.from({ length: 1 + random.int(40) }, () => {
      const id = random.next() < 0.2 ? `i${random.int(made + 1)}` : `i${(made += 1)}`
      const event = play(pick([id, id, `${id}-ü🎵`]), pick(['u1', 'u2', 'üser', 'u'.repeat(200)]))
      if (random.next() < 0.3) Object.assign(event, { type: 'track-liked', properties: { trackId: 't' } })
      if (random.next() < 0.2) Reflect.deleteProperty(event, 'userId')
      if (random.next() < 0.1) Object.assign(event, { anonymousId: 'a1' })
      return JSON.stringify(event)
    })
    const body = pick([events.join('\n'), `${events.join('\n')}\n`, `[${events.join(',')}]`, ` [ ${events.join(' ,\n')} ]\n`, `${events.join('\n')}\n{"id":7}`, `[${events.join(',')},{}]`])
    const [whole, careful] = await Promise.all(houses.map((house) => house.send(body)))
    assert.deepEqual(whole, careful, body)
  }
  for (const type of ['track-played', 'track-liked']) {
    const [whole, careful] = await Promise.all(houses.map((house) => readLog(house, type)))
    assert.ok((whole?.length ?? 0) > 100)
    assert.deepEqual(whole, careful)
  }
  const [whole, careful] = await Promise.all(houses.map((house) => house.api.counts({}, ctx)))
  assert.deepEqual(whole, careful)
  for (const house of houses) await house.close()
})

test('EV4 EV5 an array that goes on behind its end, or does not end, is not taken as a whole', async () => {
  await using folder = await createTempFolder()
  const houses = await openBoth(folder)
  const good = JSON.stringify(play('a'))
  for (const house of houses) {
    for (const body of [`[${good}] x`, `[${good},]`, `[${good}`, `[${good},`, `[,${good}]`, `[${good}]]`]) await assert.rejects(house.post('/v1/events', body, { 'content-type': 'application/json' }), { code: 'JSON_UNREADABLE' }, body)
    assert.deepEqual(await house.send('[]'), [])
    assert.deepEqual(await house.send(`[${good}]`), [{ id: 'a', status: 'accepted' }])
    await house.close()
  }
})

test('EV6 EV17 ids of a request that could not be stored are forgotten, also when it was taken as a whole', async () => {
  await using folder = await createTempFolder()
  let isBroken = false
  const house = await openHouse(folder.path, createManualClock(START_MS), {
    wrapLog: (eventLog) => ({
      ...eventLog,
      append: (batches, timestampMs, caller) => (isBroken ? Promise.reject(new Error('no space')) : eventLog.append(batches, timestampMs, caller)),
    }),
  })
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const events = [play('a'), play('b')]
  isBroken = true
  await assert.rejects(house.send(events), /no space/)
  isBroken = false
  assert.deepEqual((await house.send(events)).map(({ status }) => status), ['accepted', 'accepted'])
  assert.deepEqual((await house.send(events)).map(({ status }) => status), ['duplicate', 'duplicate'])
  await house.close()
})

test('EV9 a large request of many events, more than the kernel takes at once, is taken all the same', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  for (const count of [1023, 1024, 1025, 3000]) {
    const results = await house.send(Array.from({ length: count }, (_, i) => play(`${count}-${i}`)))
    assert.equal(results.filter(({ status }) => status === 'accepted').length, count)
  }
  const { context } = { context: { text: 'x'.repeat(60_000) } }
  const large = await house.send(Array.from({ length: 200 }, (_, i) => ({ ...play(`large-${i}`), context })))
  assert.equal(large.filter(({ status }) => status === 'accepted').length, 200)
  await house.close()
})

test('EV9 a room that is just starting serves before its kernel is ready', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS), { scanKernel: 'background' })
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  for (let round = 0; round < 20; round += 1) assert.deepEqual(await house.send([play(`a${round}`), play(`a${round}`)]), [{ id: `a${round}`, status: 'accepted' }, { id: `a${round}`, status: 'duplicate' }])
  await house.close()
})
