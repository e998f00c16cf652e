// Registration: idempotent, personal data declared, versions that only grow and never break.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import type { EventTypeDefinition, WireEvent } from '../src/contract.ts'
import { START_MS, ctx, openHouse, play, searchMade, trackPlayed } from './events-house.ts'

type Properties = Record<string, Record<string, unknown>>

function change(version: string, edit: (schema: { properties: Properties; required: string[] }) => void): EventTypeDefinition {
  const schema = structuredClone(trackPlayed.schema) as { properties: Properties; required: string[] }
  edit(schema)
  return { ...trackPlayed, version, schema }
}

test('EV30 the same definition again changes nothing, and survives a restart', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  const put = (body: EventTypeDefinition) => house.api.putType({ type: body.name, body }, ctx)
  assert.equal((await put(trackPlayed)).created, true)
  assert.equal((await put(trackPlayed)).created, false)
  assert.equal((await put({ ...trackPlayed, owner: 'group:default/other' })).created, false)
  await house.close()
  house = await openHouse(folder.path, clock)
  assert.equal((await put({ ...trackPlayed, owner: 'group:default/other' })).created, false)
  assert.equal((await house.api.getType({ type: 'track-played' }, ctx)).owner, 'group:default/other')
  await house.close()
})

test('EV31 every field says whether it is personal', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  const schema = { type: 'object', properties: { where: { type: 'object', personal: 'strict', properties: { city: { type: 'string' } } } } }
  await assert.rejects(house.api.putType({ type: 'x', body: { ...searchMade, name: 'x', schema } }, ctx), (error: { code: string; message: string }) => error.code === 'SCHEMA_INVALID' && error.message.includes('schema.where.city does not declare "personal"'))
  await assert.rejects(house.api.putType({ type: 'unknown', body: { ...searchMade, name: 'unknown' } }, ctx), { code: 'EVENT_TYPE_RESERVED' })
  await assert.rejects(house.api.putType({ type: 'y', body: searchMade }, ctx), { code: 'EVENT_TYPE_MISMATCH' })
  await house.close()
})

test('EV32 additions and revisions pass with a higher version; a break needs a new MODEL', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  const put = (body: EventTypeDefinition) => house.api.putType({ type: body.name, body }, ctx)
  await put(trackPlayed)
  const added = (version: string): EventTypeDefinition => change(version, ({ properties }) => void (properties['device'] = { type: 'string', personal: 'none' }))
  await assert.rejects(put(added('1-0-0')), (error: { code: string; help: string }) => error.code === 'VERSION_USED' && error.help.includes('1-0-1'))
  assert.equal((await put(added('1-0-1'))).created, true)
  await assert.rejects(put(trackPlayed), { code: 'VERSION_OLD' })
  const breaking: [string, (schema: { properties: Properties; required: string[] }) => void][] = [
    ['device is gone', () => undefined],
    ['device became required', ({ properties, required }) => { properties['device'] = { type: 'string', personal: 'none' }; required.push('device') }],
    ['type of schema.playedMs changed', ({ properties }) => { properties['device'] = { type: 'string', personal: 'none' }; properties['playedMs'] = { type: 'string', personal: 'none' } }],
    ['minimum of schema.playedMs changed', ({ properties }) => { properties['device'] = { type: 'string', personal: 'none' }; properties['playedMs'] = { type: 'integer', minimum: 1, personal: 'none' } }],
    ['enum of schema.source changed', ({ properties }) => { properties['device'] = { type: 'string', personal: 'none' }; properties['source'] = { type: 'string', enum: ['radio'], personal: 'none' } }],
  ]
  for (const [because, edit] of breaking) {
    await assert.rejects(put(change('1-2-0', edit)), (error: { code: string; message: string }) => error.code === 'VERSION_BREAKING' && error.message.includes(because), because)
  }
  await put(change('2-0-0', ({ properties }) => { properties['playedMs'] = { type: 'string', personal: 'none' } }))
  // Old and new side by side.
  const old = play('old') as Record<string, unknown>
  const results = await house.send([{ ...old, version: '1-0-1' }, { ...play('new', 'u', undefined, { playedMs: 'long' }) as object, version: '2-0-0' }, { ...old, id: 'wrong', version: '2-0-0' }])
  assert.deepEqual(results.map((result) => result.status), ['accepted', 'accepted', 'dead'])
  const row = await house.api.getType({ type: 'track-played' }, ctx)
  assert.deepEqual(row.versions, ['1-0-0', '1-0-1', '2-0-0'])
  assert.equal(row.columns.find((column) => column.name === 'playedMs')?.type, 'json')
  assert.deepEqual(await house.api.land({}, ctx), { landed: 2 })
  await house.close()
})

test('EV173 an older MODEL goes on beside the newer one, within its own versions', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  const put = (body: EventTypeDefinition) => house.api.putType({ type: body.name, body }, ctx)
  const device = { type: 'string', personal: 'none' }
  const newer = change('2-0-0', ({ properties }) => { properties['playedMs'] = { type: 'string', personal: 'none' } })
  const grown = { ...change('1-0-1', ({ properties }) => { properties['device'] = device }), owner: 'group:default/squad-past', retention: '7d' }
  await put(trackPlayed)
  await put(newer)
  assert.deepEqual((await house.api.checkType({ type: 'track-played', body: grown }, ctx)).fits, true)
  assert.deepEqual(await put(grown), { type: 'track-played', version: '1-0-1', created: true })
  assert.equal((await put(grown)).created, false)
  await assert.rejects(put(trackPlayed), { code: 'VERSION_OLD' })
  await assert.rejects(put(change('1-1-0', () => undefined)), (error: { code: string; help: string }) => error.code === 'VERSION_BREAKING' && error.help.includes('"3-0-0"'))
  await assert.rejects(put(change('1-0-1', ({ properties }) => { properties['app'] = device; properties['device'] = device })), (error: { code: string; help: string }) => error.code === 'VERSION_USED' && error.help.includes('"1-0-2"'))
  for (const when of ['before', 'after a restart']) {
    const row = await house.api.getType({ type: 'track-played' }, ctx)
    assert.deepEqual([row.version, row.versions, row.owner, row.retention], ['2-0-0', ['1-0-0', '1-0-1', '2-0-0'], trackPlayed.owner, trackPlayed.retention], when)
    const send = async (id: string, version: string, more: object): Promise<string | undefined> => (await house.send([{ ...play(`${id} ${when}`, 'u', undefined, more), version }]))[0]?.status
    assert.deepEqual([await send('a', '1-0-1', { device: 'tv' }), await send('b', '1-0-0', { device: 'tv' }), await send('c', '2-0-0', { playedMs: 'long' })], ['accepted', 'accepted', 'accepted'])
    assert.equal(await send('d', '2-0-0', { playedMs: 'long', device: 'tv' }), 'dead')
    await house.close()
    house = await openHouse(folder.path, clock)
  }
  const { rows } = await house.api.listVersions({ type: 'track-played' }, ctx)
  assert.deepEqual(rows.map(({ version, changes }) => [version, changes.map(({ path }) => path)]), [['1-0-1', ['schema.device']], ['2-0-0', ['schema.playedMs.type', 'schema.playedMs.minimum']], ['1-0-0', []]])
  await house.close()
})

test('EV33 a property that clashes with the envelope gets a prefix', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  const schema = { type: 'object', properties: { ID: { type: 'string', personal: 'none' }, late: { type: 'boolean', personal: 'none' } }, additionalProperties: true }
  await house.api.putType({ type: 'odd', body: { ...searchMade, name: 'odd', schema } }, ctx)
  const { columns } = await house.api.getType({ type: 'odd' }, ctx)
  assert.deepEqual(columns.slice(7).map((column) => column.name), ['properties_ID', 'properties_late', 'properties'])
  await house.send([{ id: 'o', type: 'odd', properties: { ID: 'x', late: true, more: [1] } }])
  assert.deepEqual(await house.api.land({}, ctx), { landed: 1 })
  await house.close()
})

test('EV34 patterns that can hold up the room are refused, and no pattern sees a text that is too long for it', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  const put = (field: Record<string, unknown>) => house.api.putType({ type: 'coded', body: { ...searchMade, name: 'coded', schema: { type: 'object', properties: { code: { personal: 'none', ...field } } } } }, ctx)
  const refused: [string, Record<string, unknown>][] = [
    ['schema.code has the "pattern" "^(a+)+$"', { type: 'string', maxLength: 10, pattern: '^(a+)+$' }],
    ['schema.code has a "pattern" without "maxLength"', { type: 'string', pattern: '^a+$' }],
    ['schema.code has a "pattern" with "maxLength": 4097', { type: 'string', pattern: '^a+$', maxLength: 4097 }],
    ['schema.code.items has a "pattern" without', { type: 'array', items: { type: 'string', pattern: 'a' } }],
    ['schema.code.anyOf.0 has the "pattern" "(a*)*"', { anyOf: [{ type: 'string', maxLength: 9, pattern: '(a*)*' }] }],
    ['schema.code has the "pattern" "(a+)+b"', { type: 'object', patternProperties: { '(a+)+b': {} } }],
  ]
  for (const [words, field] of refused) {
    await assert.rejects(put(field), (error: { code: string; message: string; help: string }) => error.code === 'SCHEMA_INVALID' && error.message.includes(words) && error.help.includes('"maxLength" of 4096'), words)
  }
  await put({ type: 'string', maxLength: 10, pattern: '^(a|a)*b$', examples: [{ pattern: '(a+)+' }] })
  const send = async (code: string) => (await house.send([{ id: code, type: 'coded', properties: { code } }]))[0]
  assert.equal((await send('aab'))?.status, 'accepted')
  assert.match((await send('aac'))?.reason ?? '', /\(pattern\)/)
  // Tried in 2^60 ways, this would never be answered.
  assert.match((await send('a'.repeat(60)))?.reason ?? '', /\(maxLength\)/)
  await house.close()
})

test('EV35 a type that is no longer defined says so, is still taken, is never silent, and can be defined again', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  const retiredAt = async (): Promise<string | undefined> => (await house.api.getType({ type: 'track-played' }, ctx)).retiredAt
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  assert.equal(await retiredAt(), undefined)
  const marked = await house.api.retireType({ type: 'track-played' }, ctx)
  clock.advance(1000)
  assert.deepEqual(await house.api.retireType({ type: 'track-played' }, ctx), marked)
  assert.deepEqual((await house.api.publish({ body: { events: [play('after') as WireEvent] } }, ctx)).results.map(({ status }) => status), ['accepted'])
  await house.close()
  house = await openHouse(folder.path, clock)
  assert.equal(await retiredAt(), new Date(START_MS).toISOString())
  assert.equal((await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)).created, false)
  assert.equal(await retiredAt(), undefined)
  await house.close()
  house = await openHouse(folder.path, clock)
  assert.equal(await retiredAt(), undefined)
  await assert.rejects(house.api.retireType({ type: 'never' }, ctx), { code: 'EVENT_TYPE_NOT_FOUND' })
  await house.close()
})
