// What Confidence's clients know of the user travels in the payload, and is no property.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { START_MS, WRITE_KEY, ctx, openHouse, searchMade } from './events-house.ts'

test('EV172 the context of a Confidence payload is the event\'s context, and a property only where the schema names it', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  const trackId = { type: 'string', personal: 'none' }
  const context = { type: 'object', personal: 'narrow' }
  await house.api.putType({ type: 'closed', body: { ...searchMade, name: 'closed', schema: { type: 'object', properties: { trackId }, additionalProperties: false } } }, ctx)
  await house.api.putType({ type: 'open', body: { ...searchMade, name: 'open', schema: { type: 'object', properties: { trackId } } } }, ctx)
  await house.api.putType({ type: 'named', body: { ...searchMade, name: 'named', schema: { type: 'object', properties: { trackId, context }, additionalProperties: false } } }, ctx)
  const said = { targetingKey: 'u1', visitorId: 'v1', country: 'SE' }
  const publish = async (type: string, payload: object): Promise<unknown> => {
    const body = { clientSecret: WRITE_KEY, events: [{ eventDefinition: `eventDefinitions/${type}`, payload }] }
    return JSON.parse(String((await house.post('/v1/events:publish', JSON.stringify(body))).body))
  }
  for (const type of ['closed', 'open', 'named']) assert.deepEqual(await publish(type, { trackId: 't1', context: said }), { errors: [] }, type)
  const read = async (type: string): Promise<unknown[]> => (await house.api.readEvents({ type }, ctx)).rows.map(({ userId, anonymousId, properties, context }) => ({ userId, anonymousId, properties, context }))
  const who = { userId: 'u1', anonymousId: 'v1' }
  for (const type of ['closed', 'open']) assert.deepEqual(await read(type), [{ ...who, properties: { trackId: 't1' }, context: said }])
  assert.deepEqual(await read('named'), [{ ...who, properties: { trackId: 't1', context: said }, context: undefined }])
  // Sealed with its user's key.
  const { rows: [row] } = await house.api.readEvents({ type: 'closed', sealed: true }, ctx)
  assert.deepEqual([row?.context, typeof row?.sealed?.data], [undefined, 'string'])
  // What is no context is a property as any other.
  assert.match(JSON.stringify(await publish('closed', { trackId: 't1', context: 'home' })), /context is not a field of/)
  await house.close()
})
