// Schemas of events: which are taken, how they come out in either draft (by the judgement of Ajv), and what a change of one is called.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { Compile } from 'typebox/compile'
import type { EventTypeDefinition } from '../src/contract.ts'
import { findSchemaFault } from '../src/domain/json-schema/find-schema-fault.ts'
import { inlineFields } from '../src/domain/json-schema/inline-fields.ts'
import { listChanges } from '../src/domain/json-schema/list-changes.ts'
import { toDraft } from '../src/domain/json-schema/to-draft.ts'
import { START_MS, ctx, openHouse, searchMade, trackPlayed } from './events-house.ts'

type Json = Record<string, unknown>

const personal = 'none'
const SEVEN = 'http://json-schema.org/draft-07/schema#'
const NEWEST = 'https://json-schema.org/draft/2020-12/schema'

/** Every kind of keyword, as each draft writes it. */
const seven: Json = {
  $schema: SEVEN,
  type: 'object',
  definitions: { Ms: { type: 'integer', minimum: 0 }, 'a/b': { type: 'string', format: 'date-time' }, Tree: { type: 'object', properties: { of: { type: 'array', items: { $ref: '#/definitions/Tree' }, personal } }, additionalProperties: false } },
  properties: {
    playedMs: { $ref: '#/definitions/Ms', personal },
    at: { $ref: '#/definitions/a~1b', personal },
    tree: { $ref: '#/definitions/Tree', personal },
    note: { type: ['string', 'null'], maxLength: 5, personal },
    pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }], additionalItems: { type: 'boolean' }, personal },
    kind: { enum: ['a', 'b', 1, null], personal },
    fixed: { const: 'x', personal },
    many: { type: 'array', items: { type: 'integer', multipleOf: 2 }, minItems: 1, maxItems: 3, uniqueItems: true, contains: { const: 2 }, personal },
    open: { type: 'object', additionalProperties: { type: 'string' }, propertyNames: { maxLength: 3 }, minProperties: 1, maxProperties: 2, personal },
    named: { type: 'object', patternProperties: { '^x': { type: 'integer' } }, personal },
    either: { anyOf: [{ type: 'string' }, { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 9 }], personal },
    one: { oneOf: [{ type: 'integer' }, { type: 'number', minimum: 3 }], personal },
    both: { allOf: [{ minLength: 1 }, { maxLength: 2 }], not: { const: 'no' }, personal },
    first: { $ref: '#/properties/pair/items/0', personal },
  },
  required: ['playedMs'],
  dependencies: { note: ['kind'], pair: { required: ['fixed'] } },
  if: { properties: { kind: { const: 'a' } }, required: ['kind'] },
  then: { required: ['fixed'] },
  else: { not: { required: ['one'] } },
  additionalProperties: false,
}

function createJudges(): { seven: Ajv; newest: Ajv2020 } {
  const options = { strict: true, strictTypes: false as const, strictTuples: false as const, strictRequired: false as const, keywords: ['personal'] }
  const judges = { seven: new Ajv(options), newest: new Ajv2020(options) }
  for (const judge of [judges.seven, judges.newest]) addFormats.default(judge)
  return judges
}

const some: unknown[] = ['', 'a', 'x', 'no', 'long text', 0, 1, 2, 3, 4, 7.5, -1, true, null, [], {}, ['a', 1], ['a', 1, true], [1, 'a'], [2], [2, 2], [2, 4], [4], { x1: 1 }, { x1: 'a' }, { abc: 'd' }, { abcd: 'e' }, { of: [] }, { of: [{ of: [{}] }] }, { of: [1] }, '2026-01-02T03:04:05Z']

test('EV36 a schema comes out in either draft, valid by Ajv, and takes the same values', () => {
  assert.equal(findSchemaFault(seven), undefined)
  const judges = createJudges()
  const out = toDraft(seven, '2020-12')
  assert.ok('schema' in out)
  assert.equal(out.schema['$schema'], NEWEST)
  assert.equal(findSchemaFault(out.schema), undefined)
  const back = toDraft(out.schema, '7')
  assert.ok('schema' in back)
  assert.equal(findSchemaFault(back.schema), undefined)
  const ours = Compile(seven)
  const [given, newest, again] = [judges.seven.compile(seven), judges.newest.compile(out.schema), judges.seven.compile(back.schema)]
  const plain = Compile(inlineFields(seven))
  const random = createRandom(36)
  const names = Object.keys(seven['properties'] as Json)
  const tally = [0, 0]
  for (let round = 0; round < 10_000; round += 1) {
    const value: Json = random.next() < 0.9 ? { playedMs: 5, fixed: 'x', kind: 'b' } : {}
    for (let i = random.next() * 2.5; i > 0; i -= 1) value[names[Math.floor(random.next() * names.length)] as string] = some[Math.floor(random.next() * some.length)]
    const says = given(value)
    tally[says ? 1 : 0] = (tally[says ? 1 : 0] ?? 0) + 1
    assert.deepEqual([ours.Check(value), newest(value), again(value), plain.Check(value)], [says, says, says, says], JSON.stringify(value))
  }
  assert.ok(Math.min(...tally) > 500, `${tally}`)
  assert.deepEqual(toDraft({ type: 'object', unevaluatedProperties: false }, '7'), { unsaid: 'schema.unevaluatedProperties' })
})

test('EV36 what is not read is refused by name and path', () => {
  const field = (of: Json, more: Json = {}): Json => ({ type: 'object', properties: { a: { personal, ...of } }, ...more })
  const refused: [schema: Json, path: string, fault: RegExp][] = [
    [{ $schema: 'http://json-schema.org/draft-04/schema#', type: 'object' }, 'schema.$schema', /draft-04/],
    [field({ type: 'string', nullable: true }), 'schema.a', /"nullable".*\["string", "null"\]/],
    [field({ type: 'strnig' }), 'schema.a', /"type": "strnig"/],
    [field({ type: 'string', minLenght: 3 }), 'schema.a', /"minLenght", which is not read/],
    [field({ type: 'number', minimum: '5' }), 'schema.a', /"minimum": "5".*number/],
    [field({ type: 'number', exclusiveMinimum: true }), 'schema.a', /"exclusiveMinimum": true/],
    [field({ type: 'string', format: 'credit-card' }), 'schema.a', /"format": "credit-card"/],
    [field({ type: 'string', pattern: '(', maxLength: 5 }), 'schema.a', /regular expression/],
    [field({ enum: [] }), 'schema.a', /"enum": \[\]/],
    [field({ $ref: 'https://example.org/x.json' }), 'schema.a', /only places in the same schema/],
    [field({ $ref: '#/$defs/none' }), 'schema.a', /where there is no schema/],
    [field({ $ref: '#/$defs/A' }, { $defs: { A: { anyOf: [{ $ref: '#/$defs/B' }] }, B: { $ref: '#/$defs/A' } } }), 'schema.a', /leads back to itself/],
    [field({ $ref: '#/definitions/A', maximum: 3 }, { $schema: SEVEN, definitions: { A: {} } }), 'schema.a', /"maximum" beside "\$ref"/],
    [field({ type: 'array', prefixItems: [{}] }, { $schema: SEVEN }), 'schema.a', /"prefixItems", which draft 7/],
    [field({ type: 'array', items: [{}] }, { $schema: NEWEST }), 'schema.a', /"items" as a list/],
    [field({ $anchor: 'x' }), 'schema.a', /"\$anchor"/],
    [field({ type: 'object', properties: { b: { type: 'string' } } }), 'schema.a.b', /does not declare "personal"/],
    [field({ anyOf: [{ type: 'object', properties: { b: { type: 'string' } } }] }), 'schema.a.anyOf.0.b', /does not declare "personal"/],
    [{ type: 'object', $defs: { A: { type: 'object', properties: { b: {} } } } }, 'schema.$defs.A.b', /does not declare "personal"/],
    [{ type: 'object', properties: { a: true } }, 'schema.a', /does not declare "personal"/],
    [{ type: 'object', allOf: [{ properties: { b: {} } }] }, 'schema.allOf.0.b', /does not declare "personal"/],
  ]
  for (const [schema, path, fault] of refused) {
    const found = findSchemaFault(schema)
    assert.equal(found?.path, path, JSON.stringify(schema))
    assert.match(found?.fault ?? '', fault)
  }
  assert.equal(findSchemaFault(field({ type: 'string', 'x-source': 'crm' }, { $id: 'https://example.org/a', title: 'A', if: { properties: { a: { const: 'q' } } }, then: { required: ['a'] } })), undefined)
})

test('EV37 each change is named with the class it needs', () => {
  const before: Json = { type: 'object', $defs: { Ms: { type: 'integer', minimum: 0 } }, properties: { ms: { $ref: '#/$defs/Ms', personal }, kind: { enum: ['a', 'b'], personal }, text: { type: 'string', maxLength: 5, personal }, tags: { type: 'array', items: { type: 'string' }, personal }, either: { anyOf: [{ type: 'string' }], personal } }, required: ['ms'], additionalProperties: false }
  const changed = (edit: (schema: { properties: Record<string, Json>; required: string[]; $defs: { Ms: Json } } & Json) => void): [string, string][] => {
    const after = structuredClone(before)
    edit(after as Parameters<typeof edit>[0])
    assert.equal(findSchemaFault(after), undefined)
    return listChanges(before, after).map((change) => [change.path, change.class])
  }
  assert.deepEqual(changed(() => undefined), [])
  assert.deepEqual(changed((s) => { s['title'] = 'other'; s.properties['ms'] = { description: 'words', $ref: '#/$defs/Ms', personal } }), [])
  assert.deepEqual(changed((s) => { s.properties['ms'] = { type: 'integer', minimum: 0, personal } }), [], 'a definition written out says the same')
  assert.deepEqual(changed((s) => { s.$defs.Ms['minimum'] = 1 }), [['schema.ms.minimum', 'MODEL']])
  assert.deepEqual(changed((s) => { s.$defs.Ms['minimum'] = -1 }), [['schema.ms.minimum', 'REVISION']])
  assert.deepEqual(changed((s) => { s.$defs.Ms['type'] = ['integer', 'null'] }), [['schema.ms.type', 'REVISION']])
  assert.deepEqual(changed((s) => { s.$defs.Ms['type'] = 'number' }), [['schema.ms.type', 'REVISION']])
  assert.deepEqual(changed((s) => { s.properties['new'] = { type: 'string', personal } }), [['schema.new', 'ADDITION']])
  assert.deepEqual(changed((s) => { s.properties['new'] = { type: 'string', personal }; s.required.push('new') }), [['schema.new', 'MODEL'], ['schema.new', 'ADDITION']])
  assert.deepEqual(changed((s) => { delete s.properties['text']; s.required.pop() }), [['schema.text', 'MODEL'], ['schema.ms', 'REVISION']])
  assert.deepEqual(changed((s) => { s.properties['kind'] = { enum: ['b', 'a', 'c'], personal: 'narrow' } }), [['schema.kind.enum', 'REVISION'], ['schema.kind.personal', 'REVISION']])
  assert.deepEqual(changed((s) => { s.properties['kind'] = { const: 'a', personal } }), [['schema.kind.enum', 'MODEL']])
  assert.deepEqual(changed((s) => { s.properties['tags'] = { type: 'array', items: { type: 'string', maxLength: 3 }, personal } }), [['schema.tags.items.maxLength', 'MODEL']])
  assert.deepEqual(changed((s) => { s.properties['tags'] = { type: 'array', personal } }), [['schema.tags.items', 'REVISION']])
  assert.deepEqual(changed((s) => { s.properties['either'] = { anyOf: [{ type: 'string' }, { type: 'null' }], personal } }), [['schema.either.anyOf', 'REVISION']])
  assert.deepEqual(changed((s) => { s['additionalProperties'] = true }), [['schema.additionalProperties', 'REVISION']])
  const open: Json = { type: 'object', properties: {} }
  assert.deepEqual(listChanges(open, { type: 'object', properties: { a: { personal } } }).map((change) => change.class), ['REVISION'])
  assert.deepEqual(listChanges(open, { ...open, additionalProperties: false }).map((change) => change.class), ['MODEL'])
  const tree: Json = { type: 'object', properties: { in: { $ref: '#', personal } } }
  assert.deepEqual(listChanges(tree, { ...tree, maxProperties: 1 }).map((change) => [change.path, change.class]).at(0), ['schema.maxProperties', 'MODEL'])
  assert.deepEqual(listChanges(seven, (toDraft(seven, '2020-12') as { schema: Json }).schema), [], 'the other draft says the same')
})

test('EV37 a change that no value can notice is no MODEL: by Ajv over random values', () => {
  const judge = createJudges().newest
  const random = createRandom(37)
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random.next() * of.length)] as T
  const makeField = (): Json => ({
    personal,
    ...pick<Json>([{ type: 'integer' }, { type: 'number' }, { type: 'string' }, { type: ['string', 'null'] }, { enum: ['a', 1] }, { enum: ['a', 1, 2] }, { const: 'a' }, { type: 'array', items: { type: 'integer' } }, { type: 'array', items: { type: 'number' } }, { anyOf: [{ type: 'string' }, { type: 'integer' }] }, {}]),
    ...pick<Json>([{}, {}, { minimum: 1 }, { maximum: 3 }, { maximum: 2 }, { minLength: 1 }, { maxLength: 1 }, { multipleOf: 2 }, { multipleOf: 4 }, { maxItems: 1 }, { uniqueItems: true }]),
  })
  const makeSchema = (): Json => ({ type: 'object', properties: { a: makeField(), ...(random.next() < 0.5 ? { b: makeField() } : {}) }, ...pick<Json>([{}, { required: ['a'] }]), additionalProperties: false })
  let narrowed = 0
  for (let round = 0; round < 300; round += 1) {
    const before = makeSchema()
    const after = random.next() < 0.5 ? makeSchema() : { ...before, properties: { a: (before['properties'] as Json)['a'], b: makeField() } }
    const [largest] = listChanges(before, after)
    const [was, is] = [judge.compile(before), judge.compile(after)]
    if (largest?.class === 'MODEL') {
      narrowed += 1
      continue
    }
    for (const a of some) for (const b of [undefined, ...some.slice(0, 10)]) {
      const value = b === undefined ? { a } : { a, b }
      assert.ok(!was(value) || is(value), `${JSON.stringify([before, after, value, largest])}`)
    }
  }
  assert.ok(narrowed > 50 && narrowed < 280, `${narrowed}`)
})

test('EV38 a check says what would change, which version that needs, and changes nothing', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  const check = (body: EventTypeDefinition) => house.api.checkType({ type: body.name, body }, ctx)
  assert.deepEqual(await check(trackPlayed), { type: 'track-played', version: '1-0-0', current: null, fits: true, fault: null, needed: '1-0-0', changes: [], text: 'track-played 1-0-0 is new.' })
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const { properties, ...rest } = structuredClone(trackPlayed.schema) as { properties: Record<string, Json> }
  const wider: EventTypeDefinition = { ...trackPlayed, version: '1-0-1', schema: { ...rest, properties: { ...properties, source: { type: 'string', enum: ['discover-weekly', 'popularity', 'search', 'library', 'radio', 'import', 'car'], personal }, device: { type: 'string', personal } } } }
  const told = await check(wider)
  assert.deepEqual([told.fits, told.fault?.code, told.needed, told.current], [false, 'VERSION_SMALL', '1-1-0', '1-0-0'])
  assert.deepEqual(told.changes.map(({ path, class: kind }) => [path, kind]), [['schema.source.enum', 'REVISION'], ['schema.device', 'ADDITION']])
  assert.match(told.text, /^REVISION schema\.source\.enum: \[.*\] → \[.*\] \(enum of schema\.source changed\)$/m)
  assert.match(told.text, /^ADDITION schema\.device: \{.*\} \(schema\.device is new\)$/m)
  await assert.rejects(house.api.putType({ type: 'track-played', body: wider }, ctx), (error: { code: string; help: string }) => error.code === 'VERSION_SMALL' && error.help.includes('1-1-0'))
  assert.equal((await check({ ...wider, version: '1-1-0' })).fits, true)
  assert.deepEqual((await house.api.getType({ type: 'track-played' }, ctx)).versions, ['1-0-0'])
  assert.match((await check({ ...trackPlayed, version: '1-1-0', schema: { type: 'object', properties: { a: {} } } })).text, /schema\.a does not declare "personal"/)
  await house.close()
})

test('EV39 every version is kept with its date and its changes, and comes out in either draft', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock)
  const put = (body: EventTypeDefinition) => house.api.putType({ type: body.name, body }, ctx)
  const schema = (more: Json): Json => ({ type: 'object', $defs: { Q: { type: 'string' } }, properties: { query: { $ref: '#/$defs/Q', personal: 'narrow' }, ...more }, required: ['query'], additionalProperties: false })
  await put({ ...searchMade, schema: schema({}) })
  clock.advance(3_600_000)
  await put({ ...searchMade, version: '1-0-1', schema: schema({ results: { type: ['integer', 'null'], personal } }) })
  clock.advance(3_600_000)
  await put({ ...searchMade, version: '1-0-1', owner: 'group:default/other', schema: schema({ results: { type: ['integer', 'null'], personal } }) })
  const { rows } = await house.api.listVersions({ type: 'search-made' }, ctx)
  assert.deepEqual(rows.map(({ version, putAt, owner, changes }) => [version, putAt, owner, changes.map((change) => change.path)]), [
    ['1-0-1', '2026-09-21T10:00:00.000Z', 'group:default/other', ['schema.results']],
    ['1-0-0', '2026-09-21T09:00:00.000Z', 'group:default/squad-search', []],
  ])
  const judges = createJudges()
  const newest = await house.api.getSchema({ type: 'search-made' }, ctx)
  assert.equal(newest['$schema'], NEWEST)
  assert.equal(judges.newest.compile(newest)({ query: 'q', results: null }), true)
  const old = await house.api.getSchema({ type: 'search-made', draft: '7', version: '1-0-0' }, ctx)
  assert.deepEqual([old['$schema'], Object.keys(old['definitions'] as Json)], [SEVEN, ['Q']])
  assert.equal(judges.seven.compile(old)({ query: 'q', results: null }), false)
  await assert.rejects(house.api.getSchema({ type: 'search-made', version: '9-0-0' }, ctx), { code: 'VERSION_NOT_FOUND' })
  // A reference and a null are columns like any other, and an event with them lands.
  const { columns } = await house.api.getType({ type: 'search-made' }, ctx)
  assert.deepEqual(columns.slice(7).map(({ name, type }) => [name, type]), [['query', 'string'], ['results', 'integer']])
  assert.deepEqual((await house.send([{ id: 'a', type: 'search-made', properties: { query: 'q', results: null } }, { id: 'b', type: 'search-made', properties: { query: 3 } }])).map(({ status }) => status), ['accepted', 'dead'])
  assert.deepEqual(await house.api.land({}, ctx), { landed: 1 })
  await house.close()
})

test('EV40 1,800 types register in one call under two seconds, all or none, and a start with them is quick', async () => {
  await using folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  let house = await openHouse(folder.path, clock)
  const types = Array.from({ length: 1800 }, (_, i): EventTypeDefinition => ({ ...trackPlayed, name: `type-${i}` }))
  const wrong = { ...searchMade, schema: { type: 'object', properties: { a: {} } } }
  await assert.rejects(house.api.putTypes({ body: { types: [...types, wrong] } }, ctx), { code: 'SCHEMA_INVALID' })
  await assert.rejects(house.api.putTypes({ body: { types: [searchMade, searchMade] } }, ctx), { code: 'EVENT_TYPE_TWICE' })
  await assert.rejects(house.api.putTypes({ body: { types: [searchMade, { ...searchMade, name: 'Search-Made' }] } }, ctx), { code: 'EVENT_TYPE_CLASH' })
  assert.equal((await house.api.listTypes({}, ctx)).rows.length, 0)
  let startedMs = performance.now()
  const { rows } = await house.api.putTypes({ body: { types } }, ctx)
  assert.ok(performance.now() - startedMs < 2000, `registered in ${Math.round(performance.now() - startedMs)} ms`)
  assert.ok(rows.length === 1800 && rows.every(({ created }) => created))
  assert.ok((await house.api.putTypes({ body: { types } }, ctx)).rows.every(({ created }) => !created))
  await house.close()
  startedMs = performance.now()
  house = await openHouse(folder.path, clock)
  assert.ok(performance.now() - startedMs < 2000, `opened in ${Math.round(performance.now() - startedMs)} ms`)
  const { properties } = { properties: { trackId: 't', artistId: 'a', trackMs: 1, playedMs: 1, source: 'radio' } }
  assert.deepEqual((await house.send([{ id: 'a', type: 'type-7', properties }, { id: 'a', type: 'type-1799', properties }])).map(({ status }) => status), ['accepted', 'accepted'])
  await house.close()
})

test('EV141 a refused change names all that changes, with the version it needs and where to ask before', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  const { properties, ...rest } = structuredClone(trackPlayed.schema) as { properties: Record<string, Json>; required: string[] }
  const { position: _, ...kept } = properties
  const broken = { ...trackPlayed, version: '1-1-0', schema: { ...rest, properties: { ...kept, trackMs: { type: 'string', personal }, device: { type: 'string', personal } } } }
  await assert.rejects(house.api.putType({ type: 'track-played', body: broken }, ctx), (error: { code: string; message: string; help: string; details: { changes: { path: string; class: string }[] } }) => {
    assert.equal(error.code, 'VERSION_BREAKING')
    assert.match(error.message, /type of schema\.trackMs changed from integer to string \(MODEL\); schema\.position is gone \(MODEL\); minimum of schema\.trackMs was lifted \(REVISION\); schema\.device is new \(ADDITION\)\.$/)
    assert.match(error.help, /"2-0-0".*POST \/api\/events\/v1\/types\/track-played\/check/)
    assert.deepEqual(error.details.changes.map(({ path }) => path), ['schema.trackMs.type', 'schema.position', 'schema.trackMs.minimum', 'schema.device'])
    return true
  })
  await house.close()
})

test('EV142 a draft that is not written is refused with those that are', async () => {
  await using folder = await createTempFolder()
  const house = await openHouse(folder.path, createManualClock(START_MS))
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  await assert.rejects(house.api.getSchema({ type: 'track-played', draft: '4' as '7' }, ctx), { code: 'INVALID_INPUT', message: 'query/draft must be one of "7", "2020-12".' })
  await house.close()
})
