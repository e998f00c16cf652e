// Flags through the door: what is refused, what is in force, and who gets what.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FlagDefinition, FlagRule } from '../src/contract.ts'
import { admin, openHouse, shelf, type House } from './house.ts'

const button: FlagDefinition = { key: 'button', owner: 'squad-portal', schema: { type: 'boolean' }, variants: { on: true, off: false }, clients: ['*'], rules: [] }
const put = (house: House, rules: FlagRule[], more: Partial<FlagDefinition> = {}) => house.api.putFlag({ key: 'button', body: { ...button, rules, ...more } }, admin)
const resolve = async (house: House, unit?: string, attributes = {}) => house.api.resolveFlag({ key: 'button', body: { ...(unit === undefined ? {} : { unit }), attributes } }, admin)
const units = Array.from({ length: 4000 }, (_, i) => `unit-${i}`)
const variantsOf = async (house: House) => (await house.api.resolveUnits({ key: 'button', body: { units } }, admin)).rows.map((row) => row.variant)

test('EX1 a flag is in force at once, typed, versioned, and the same definition changes nothing', async () => {
  await using house = await openHouse()
  assert.deepEqual(await house.api.putFlag({ key: 'shelf', body: shelf }, admin), { key: 'shelf', version: 1, created: true, changed: true })
  assert.deepEqual(await house.api.putFlag({ key: 'shelf', body: { ...shelf, kind: 'flag' } }, admin), { key: 'shelf', version: 1, created: false, changed: false })
  const answer = await house.api.resolveFlag({ key: 'shelf', body: {} }, admin)
  assert.deepEqual(answer, { flag: 'shelf', unit: null, value: { list: 'popular' }, variant: 'popular', reason: 'STATIC', rule: 'everyone' })
  await house.restart()
  assert.equal((await house.api.resolveFlag({ key: 'shelf', body: {} }, admin)).variant, 'popular')
})

test('EX2 a flag that contradicts itself is refused with the path, and what was in force stays', async () => {
  await using house = await openHouse()
  await put(house, [{ assign: [{ variant: 'on', share: 1 }] }])
  const wrong: [Partial<FlagDefinition>, string][] = [
    [{ rules: [{ assign: [{ variant: 'blue', share: 1 }] }] }, 'rules/0/assign/0/variant'],
    [{ rules: [{ assign: [{ variant: 'on', share: 0.7 }, { variant: 'off', share: 0.4 }] }] }, 'rules/0/assign'],
    [{ rules: [{ assign: [{ variant: 'on', share: 0.5 }, { variant: 'on', share: 0.5 }] }] }, 'rules/0/assign/1/variant'],
    [{ rules: [{ assign: [{ variant: 'on', share: -0.1 }] }] }, 'rules/0/assign/0/share'],
    [{ rules: [{ assign: [] }] }, 'rules/0/assign'],
    [{ rules: [{ when: { segment: 'nobody' }, assign: 'fall-through' }] }, 'rules/0/when/segment'],
    [{ rules: [{ when: { and: [] }, assign: 'fall-through' }] }, 'rules/0/when/and'],
    [{ rules: [{ when: { and: [{ attribute: 'age', range: { min: 5, max: 1 } }] }, assign: 'fall-through' }] }, 'rules/0/when/and/0/range'],
    [{ rules: [{ name: 'a', assign: 'fall-through' }, { name: 'a', assign: 'fall-through' }] }, 'rules/1/name'],
    [{ variants: { on: 'yes', off: false } }, 'variants/on'],
    [{ variants: {} }, 'variants'],
    [{ key: 'other' }, 'key'],
  ]
  for (const [more, path] of wrong) {
    await assert.rejects(put(house, more.rules ?? [], more), (error: Error & { code: string; details: { path: string } }) => error.code === 'FLAG_REFUSED' && error.details.path === path, path)
  }
  assert.equal((await resolve(house)).variant, 'on')
  const structured = { ...shelf, variants: { ...shelf.variants, popular: { list: 'odd' } } }
  await assert.rejects(house.api.putFlag({ key: 'shelf', body: structured }, admin), (error: Error) => error.message.startsWith('variants/popular/list:'))
})

test('EX3 segments are named by criteria, followed at once, and never in a circle', async () => {
  await using house = await openHouse()
  const segment = (name: string, when: FlagRule['when'] & object) => house.api.putSegment({ name, body: { name, owner: 'squad-portal', when } }, admin)
  await segment('nordic', { attribute: 'country', in: ['SE', 'NO'] })
  await segment('nordic-paying', { and: [{ segment: 'nordic' }, { attribute: 'plan', eq: 'premium' }] })
  await assert.rejects(segment('nordic', { or: [{ segment: 'nordic-paying' }] }), { code: 'FLAG_REFUSED' })
  await put(house, [{ when: { segment: 'nordic-paying' }, assign: [{ variant: 'on', share: 1 }] }])
  assert.equal((await resolve(house, 'u', { country: 'SE', plan: 'premium' })).variant, 'on')
  await segment('nordic', { attribute: 'country', in: ['FI'] })
  assert.equal((await resolve(house, 'u', { country: 'SE', plan: 'premium' })).variant, null)
})

test('EX4 criteria: every operator, and what needs a missing attribute is unknown, not false', async () => {
  await using house = await openHouse()
  const cases: [NonNullable<FlagRule['when']>, Record<string, unknown>, boolean][] = [
    [{ attribute: 'plan', eq: 'premium' }, { plan: 'premium' }, true],
    [{ attribute: 'plan', eq: 'premium' }, { plan: 'free' }, false],
    [{ attribute: 'age', range: { min: 18, max: 30 } }, { age: 30 }, true],
    [{ attribute: 'age', range: { min: 18 } }, { age: '20' }, false],
    [{ attribute: 'email', endsWith: '@rondo.example' }, { email: 'a@rondo.example' }, true],
    [{ attribute: 'path', startsWith: '/a' }, { path: '/b' }, false],
    [{ attribute: 'tags', contains: 'et' }, { tags: ['alpha', 'beta'] }, true],
    [{ attribute: 'device.os', eq: 'ios' }, { device: { os: 'ios' } }, true],
    [{ attribute: 'constructor', eq: 'x' }, {}, false],
    [{ not: { attribute: 'plan', eq: 'free' } }, { plan: 'premium' }, true],
    [{ not: { attribute: 'plan', eq: 'free' } }, {}, false],
    [{ or: [{ attribute: 'plan', eq: 'free' }, { attribute: 'age', eq: 3 }] }, { age: 3 }, true],
    [{ not: { and: [{ attribute: 'plan', eq: 'free' }, { attribute: 'age', eq: 3 }] } }, { age: 4 }, true],
    [{ attribute: 'targetingKey', startsWith: 'un' }, {}, true],
  ]
  for (const [when, attributes, matches] of cases) {
    await put(house, [{ when, assign: [{ variant: 'on', share: 1 }] }])
    const answer = await resolve(house, 'unit-1', attributes)
    assert.equal(answer.variant, matches ? 'on' : null, JSON.stringify([when, attributes]))
    assert.equal(answer.reason, matches ? 'TARGETING_MATCH' : 'DEFAULT')
  }
})

test('EX5 rules go in order: the first match wins, fall-through passes on, client-default ends', async () => {
  await using house = await openHouse()
  await put(house, [
    { name: 'skip', when: { attribute: 'plan', eq: 'free' }, assign: 'fall-through' },
    { name: 'staff', when: { attribute: 'staff', eq: true }, assign: 'client-default' },
    { name: 'rest', assign: [{ variant: 'off', share: 1 }] },
  ])
  assert.equal((await resolve(house, 'u', { plan: 'free' })).rule, 'rest')
  const staff = await resolve(house, 'u', { staff: true })
  assert.deepEqual([staff.reason, staff.variant, staff.value, staff.rule], ['DEFAULT', null, null, 'staff'])
})

test('EX6 a split needs a unit; one variant for everybody does not', async () => {
  await using house = await openHouse()
  await put(house, [{ assign: [{ variant: 'on', share: 0.5 }, { variant: 'off', share: 0.5 }] }])
  assert.equal((await resolve(house)).errorCode, 'TARGETING_KEY_MISSING')
  assert.equal((await resolve(house, 'unit-1')).reason, 'SPLIT')
  assert.equal((await house.api.resolveFlag({ key: 'none', body: {} }, admin)).errorCode, 'FLAG_NOT_FOUND')
})

test('EX7 shares are met, and a rollout that grows moves no unit that was in', async () => {
  await using house = await openHouse()
  const steps: FlagRule['assign'][] = [
    [{ variant: 'on', share: 0.1 }],
    [{ variant: 'on', share: 0.25 }],
    [{ variant: 'on', share: 0.3 }, { variant: 'off', share: 0.2 }],
    [{ variant: 'on', share: 0.5 }, { variant: 'off', share: 0.5 }],
  ]
  let before: (string | null)[] = []
  for (const assign of steps) {
    await put(house, [{ assign }])
    const now = await variantsOf(house)
    for (const [i, variant] of before.entries()) if (variant !== null) assert.equal(now[i], variant)
    for (const { variant, share } of assign as { variant: string; share: number }[]) {
      const got = now.filter((name) => name === variant).length / units.length
      assert.ok(Math.abs(got - share) < 0.03, `${variant} ${got} of ${share}`)
    }
    before = now
  }
  await put(house, [{ when: { attribute: 'plan', eq: 'vip' }, assign: 'client-default' }, { assign: [{ variant: 'on', share: 0.6 }, { variant: 'off', share: 0.4 }] }])
  const after = await variantsOf(house)
  for (const [i, variant] of before.entries()) if (variant === 'on') assert.equal(after[i], 'on')
})

test('EX8 archived flags are gone for clients, listed on request, and come back changed', async () => {
  await using house = await openHouse()
  await put(house, [{ assign: [{ variant: 'on', share: 1 }] }])
  await house.api.archiveFlag({ key: 'button' }, admin)
  assert.equal((await resolve(house)).errorCode, 'FLAG_NOT_FOUND')
  assert.deepEqual((await house.api.listFlags({}, admin)).rows, [])
  assert.equal((await house.api.listFlags({ archived: true }, admin)).rows[0]?.state, 'archived')
  await put(house, [{ assign: [{ variant: 'off', share: 1 }] }])
  assert.equal((await resolve(house)).variant, 'off')
})

test('EX9 every change leaves an audit line with its author', async () => {
  await using house = await openHouse()
  await put(house, [])
  await put(house, [{ assign: [{ variant: 'on', share: 1 }] }])
  await house.api.archiveFlag({ key: 'button' }, admin)
  const { rows } = await house.api.listAudit({ subject: 'flag:button' }, admin)
  assert.deepEqual(rows.map((row) => [row.action, row.actor]), [['flag archived', 'admin:ines'], ['flag changed', 'admin:ines'], ['flag created', 'admin:ines']])
})
