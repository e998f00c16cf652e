// Experiments from draft to decision: assignment, the daily look, stopping, shipping, learning.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { DAY_MS } from '@rondo/time'
import { admin, endDay, exposeUnits, openHouse, putShelf, shelf, shelfTest, START_MS, type House } from './house.ts'

const create = (house: House, more = {}) => house.api.createExperiment({ body: { ...shelfTest, ...more } }, admin)
const start = (house: House) => house.api.startExperiment({ id: 'personal-shelf' }, admin)
const variants = async (house: House, count = 4000) =>
  (await house.api.resolveUnits({ key: 'shelf', body: { units: Array.from({ length: count }, (_, i) => `listener-${i}`) } }, admin)).rows

test('EX10 a draft names what exists, or is refused with the path', async () => {
  await using house = await openHouse()
  await assert.rejects(create(house), (error: Error) => error.message.startsWith('flag: "shelf"'))
  await putShelf(house)
  for (const [more, path] of [
    [{ treatments: ['odd'] }, 'treatments/0'],
    [{ control: 'personal' }, 'treatments'],
    [{ success: ['nothing'] }, 'success/0'],
    [{ guardrails: [{ metric: 'nothing', margin: 0.1 }] }, 'guardrails/0/metric'],
    [{ when: { segment: 'nobody' } }, 'when/segment'],
  ] as const) {
    await assert.rejects(create(house, more), (error: Error & { details: { path: string } }) => error.details.path === path, path)
  }
  const draft = await create(house)
  assert.deepEqual([draft.state, draft.verdict.sentence], ['draft', 'Not started: people see nothing until you begin.'])
  assert.equal((await create(house, { days: 7 })).days, 7)
  assert.ok((await variants(house, 50)).every((row) => row.variant === 'popular' && row.rule === 'everyone'))
})

test('EX11 a running experiment splits evenly under its own name, and others get what they got', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await create(house, { share: 0.4 })
  await start(house)
  const rows = await variants(house)
  const inside = rows.filter((row) => row.rule === 'personal-shelf')
  assert.ok(Math.abs(inside.length / rows.length - 0.4) < 0.03)
  assert.ok(Math.abs(inside.filter((row) => row.variant === 'personal').length / inside.length - 0.5) < 0.05)
  assert.ok(rows.every((row) => row.rule === 'personal-shelf' || row.variant === 'popular'))
  const flag = await house.api.getFlag({ key: 'shelf' }, admin)
  assert.deepEqual(flag.inForce.map((rule) => rule.rule), ['personal-shelf', 'everyone', 'personal-shelf/control'])
  await house.restart()
  assert.deepEqual(await variants(house), rows)
})

test('EX12 `when` is respected, control is what everybody else gets', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await house.api.putFlag({ key: 'shelf', body: { ...shelf, rules: [] } }, admin)
  await create(house, { when: { attribute: 'plan', eq: 'premium' } })
  await start(house)
  const resolve = async (attributes: Record<string, unknown>) => (await house.api.resolveFlag({ key: 'shelf', body: { unit: 'listener-3', attributes } }, admin)).rule
  assert.equal(await resolve({ plan: 'premium' }), 'personal-shelf')
  assert.equal(await resolve({ plan: 'free' }), 'personal-shelf/control')
  assert.equal(await resolve({}), 'personal-shelf/control')
})

test('EX13 one experiment a flag; a running one holds its variants and its definition', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await create(house, { autoStart: true })
  await house.api.createExperiment({ body: { ...shelfTest, id: 'second' } }, admin)
  await assert.rejects(house.api.startExperiment({ id: 'second' }, admin), { code: 'FLAG_IN_USE' })
  await assert.rejects(house.api.archiveFlag({ key: 'shelf' }, admin), { code: 'FLAG_IN_USE' })
  await assert.rejects(house.api.putFlag({ key: 'shelf', body: { ...shelf, variants: { popular: { list: 'popular' } } } }, admin), { code: 'FLAG_IN_USE' })
  await assert.rejects(create(house, { days: 3 }), { code: 'EXPERIMENT_STATE' })
  assert.equal((await create(house, { autoStart: true })).state, 'running')
})

test('EX55 a draft that starts by itself after some days starts then, once, and not before', async () => {
  await using house = await openHouse()
  await putShelf(house)
  const state = async (): Promise<string> => (await house.api.getExperiment({ id: shelfTest.id }, admin)).state
  await create(house, { autoStart: { afterDays: 2 } })
  house.clock.advance(2 * DAY_MS - 1000)
  await house.settle()
  assert.equal(await state(), 'draft')
  house.clock.advance(3_600_000)
  await house.settle()
  assert.equal(await state(), 'running')
  await house.api.stopExperiment({ id: shelfTest.id, body: {} }, admin)
  house.clock.advance(3_600_000)
  await house.settle()
  assert.equal(await state(), 'stopped')
})

test('EX14 EX56 EX57 a look is taken once a day is published, once only, and the win ships after a whole week', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await create(house)
  await start(house)
  const arms = await exposeUnits(house, 1500)
  const random = createRandom(7)
  const behave = (unit: string) => ({ minutes: 30 + 10 * random.normal(), saves: random.next() < (arms.get(unit) === 'personal' ? 0.12 : 0.04) ? 1 : 0 })

  house.clock.moveTo(START_MS + DAY_MS)
  assert.equal(await house.settle(), 0)
  house.clock.moveTo(START_MS)
  for (let day = 1; day <= 6; day += 1) await endDay(house, behave, arms.keys())
  assert.equal(await house.settle(), 0)
  const open = await house.api.readout({ id: 'personal-shelf' }, admin)
  assert.deepEqual([open.looks.length, open.verdict.decision, open.verdict.sentence], [6, 'not-yet', 'Not yet: it looks better, and 1 more day makes a whole week.'])

  await endDay(house, behave, arms.keys())
  const readout = await house.api.readout({ id: 'personal-shelf' }, admin)
  assert.deepEqual([readout.experiment.state, readout.experiment.stoppedBy, readout.experiment.learningClass], ['stopped', 'bound', 'win'])
  assert.deepEqual([readout.verdict.decision, readout.verdict.sentence, readout.verdict.variant], ['ship', 'Ship it.', 'personal'])
  assert.equal(readout.plan.length, 14)
  assert.equal(readout.snapshot, 'personal-shelf/2026-09-13')
  const savers = readout.metrics.find((row) => row.metric === 'savers')
  assert.ok(savers?.relative !== null && savers !== undefined && (savers.relative.lower ?? 0) > 0 && savers.status === 'better')
  assert.equal(readout.metrics.find((row) => row.role === 'guardrail')?.status, 'within margin')

  // Nobody shipped it yet: the flag fell back; then a person ships.
  assert.ok((await variants(house, 50)).every((row) => row.variant === 'popular'))
  const waiting = await house.api.pulse({}, admin)
  assert.deepEqual(waiting.attention.map((row) => [row.state, row.subject, row.ref, row.hurts]), [['waiting', 'personal-shelf', '/experiments/personal-shelf', '1,500 listeners who took part still get popular']])
  assert.match(waiting.attention[0]?.message ?? '', /^Ship it: savers rose \d+\.\d\s%\. Nobody has shipped it yet\.$/)
  const decided = await house.api.learning({}, admin)
  const hoursToDecide = 7 * 24 - 8
  assert.deepEqual([decided.deciding.lagMs, decided.deciding.lastWeek, decided.shipping.lagMs, decided.unshipped], [hoursToDecide * 3_600_000, 1, null, ['personal-shelf']])
  house.clock.advance(5 * 3_600_000)
  await house.api.stopExperiment({ id: 'personal-shelf', body: { ship: 'personal', note: 'for everybody' } }, admin)
  assert.ok((await variants(house, 50)).every((row) => row.variant === 'personal' && row.rule === 'personal-shelf/shipped'))
  const own = { ...shelf, rules: [{ name: 'everyone', assign: [{ variant: 'personal', share: 1 }] }] }
  await house.api.putFlag({ key: 'shelf', body: own }, admin)
  assert.ok((await variants(house, 50)).every((row) => row.rule === 'everyone'))
  const learning = await house.api.learning({}, admin)
  assert.deepEqual(learning.total, { stopped: 1, learned: 1, won: 1, learningRate: 1, winRate: 1 })
  assert.deepEqual([learning.shipping.lagMs, learning.shipping.total, learning.unshipped, learning.rows[0]?.shippedAt], [5 * 3_600_000, 1, [], '2026-09-14T06:00:00.000Z'])
  assert.deepEqual((await house.api.pulse({}, admin)).attention, [])
})

test('EX56 a win whose flag gives it to everybody by its own rules calls nobody', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await create(house, { days: 7 })
  await start(house)
  const arms = await exposeUnits(house, 600)
  const random = createRandom(11)
  const behave = (unit: string) => ({ minutes: 30 + random.normal(), saves: random.next() < (arms.get(unit) === 'personal' ? 0.5 : 0.1) ? 1 : 0 })
  for (let day = 1; day <= 7; day += 1) await endDay(house, behave, arms.keys())
  assert.equal((await house.api.pulse({}, admin)).attention.length, 1)
  await house.api.putFlag({ key: 'shelf', body: { ...shelf, rules: [{ name: 'half', assign: [{ variant: 'personal', share: 0.5 }, { variant: 'popular', share: 0.5 }] }] } }, admin)
  assert.equal((await house.api.pulse({}, admin)).attention[0]?.hurts, '600 listeners took part, and not all of them have it')
  await house.api.putFlag({ key: 'shelf', body: { ...shelf, rules: [{ name: 'everyone', assign: [{ variant: 'personal', share: 1 }] }] } }, admin)
  const pulse = await house.api.pulse({}, admin)
  assert.deepEqual([pulse.attention, pulse.state], [[], 'waiting'])
})

test('EX14 a look that decides and its decision are kept together, or neither', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await create(house)
  await start(house)
  const arms = await exposeUnits(house, 1500)
  const random = createRandom(7)
  const behave = (unit: string) => ({ minutes: 30 + 10 * random.normal(), saves: random.next() < (arms.get(unit) === 'personal' ? 0.12 : 0.04) ? 1 : 0 })
  for (let day = 1; day <= 6; day += 1) await endDay(house, behave, arms.keys())

  await house.relational.db.schema.alterTable('audit').renameTo('audit_away').execute()
  await assert.rejects(endDay(house, behave, arms.keys()), /audit/)
  await house.relational.db.schema.alterTable('audit_away').renameTo('audit').execute()
  await house.restart()
  await house.settle()
  const { experiment, looks } = await house.api.readout({ id: 'personal-shelf' }, admin)
  assert.deepEqual([looks.length, experiment.state, experiment.stoppedBy], [7, 'stopped', 'bound'])
})

test('EX15 a guardrail that falls stops the experiment early and says why', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await create(house)
  await start(house)
  const arms = await exposeUnits(house, 1500)
  const random = createRandom(8)
  const behave = (unit: string) => ({ minutes: (arms.get(unit) === 'personal' ? 20 : 30) + 5 * random.normal(), saves: random.next() < 0.05 ? 1 : 0 })
  let days = 0
  while ((await house.api.getExperiment({ id: 'personal-shelf' }, admin)).state === 'running' && days < 14) {
    await endDay(house, behave, arms.keys())
    days += 1
  }
  const experiment = await house.api.getExperiment({ id: 'personal-shelf' }, admin)
  assert.ok(days < 14, `stopped after ${days} days`)
  assert.deepEqual([experiment.stoppedBy, experiment.learningClass, experiment.verdict.sentence], ['guardrail', 'regression found', 'Do not ship: minutes listened fell past the margin.'])
  assert.match(experiment.note ?? '', /^Stopped on day \d+ of 14\./)
})

test('EX16 units in two variants are in no arm and reported; what is exposed elsewhere does not count', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await create(house)
  await start(house)
  const arms = await exposeUnits(house, 200)
  const [first = '', second = ''] = [...arms.keys()]
  house.exposures.push({ unit: first, variant: arms.get(first) === 'personal' ? 'popular' : 'personal', atMs: START_MS + 1000, rule: 'personal-shelf' })
  house.exposures.push({ unit: second, variant: arms.get(second) ?? '', atMs: START_MS + 1000, rule: 'personal-shelf' })
  house.exposures.push({ unit: 'stranger', variant: 'popular', atMs: START_MS + 1000, rule: 'everyone' })
  house.metricDays.push({ userId: second, day: '2026-09-06', minutes: 1e6, saves: 1e6 })
  house.published.add('2026-09-06')
  await endDay(house, () => ({ minutes: 10, saves: 1 }), arms.keys())
  const readout = await house.api.readout({ id: 'personal-shelf' }, admin)
  assert.deepEqual(readout.exposures, { units: 199, inSeveralVariants: 1 })
  assert.ok(readout.metrics.every((row) => row.control.mean === (row.metric === 'savers' ? 1 : 10)), 'days before the exposure do not count')
})

test('EX17 a split that is off makes the experiment invalid and calls a person', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await create(house, { days: 2 })
  await start(house)
  const arms = await exposeUnits(house, 1500)
  const lost = [...arms].filter(([unit, variant]) => variant === 'personal' && Number(unit.slice(9)) % 3 === 0).map(([unit]) => unit)
  house.exposures.splice(0, house.exposures.length, ...house.exposures.filter((row) => !lost.includes(row.unit)))
  await endDay(house, () => ({ minutes: 10, saves: 0 }), arms.keys())
  assert.equal((await house.api.readout({ id: 'personal-shelf' }, admin)).verdict.decision, 'invalid')
  const pulse = await house.api.pulse({}, admin)
  assert.deepEqual([pulse.state, pulse.attention[0]?.state, pulse.holds], ['failed', 'failed', '1 running, 0 decided'])
  await endDay(house, () => ({ minutes: 10, saves: 0 }), arms.keys())
  const experiment = await house.api.getExperiment({ id: 'personal-shelf' }, admin)
  assert.deepEqual([experiment.state, experiment.stoppedBy, experiment.learningClass], ['stopped', 'plan', 'invalid'])
})

test('EX17 a split that chance makes once in a hundred times is no alarm', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await create(house)
  await start(house)
  const arms = await exposeUnits(house, 3000)
  const [popular = [], personal = []] = ['popular', 'personal'].map((arm) => [...arms].filter(([, variant]) => variant === arm).map(([unit]) => unit))
  const kept = new Set([...popular, ...personal.slice(0, Math.round(popular.length - Math.sqrt(7 * 2 * popular.length)))])
  house.exposures.splice(0, house.exposures.length, ...house.exposures.filter(({ unit }) => kept.has(unit)))
  await endDay(house, () => ({ minutes: 10, saves: 0 }), kept)
  const { sampleRatio, verdict } = await house.api.readout({ id: 'personal-shelf' }, admin)
  assert.ok(sampleRatio !== null && sampleRatio.p > 0.003 && sampleRatio.p < 0.015 && !sampleRatio.alert, JSON.stringify(sampleRatio))
  assert.notEqual(verdict.decision, 'invalid')
})

test('EX18 no change in much data is neutral, no change in little data taught nothing', async () => {
  await using house = await openHouse()
  await putShelf(house)
  for (const [id, units, expected] of [['personal-shelf', 4000, 'neutral and powered'], ['small', 30, 'inconclusive']] as const) {
    await house.api.createExperiment({ body: { ...shelfTest, id, days: 1, success: ['minutes-listened'], guardrails: [], autoStart: true } }, admin)
    house.exposures.length = 0
    const arms = await exposeUnits(house, units)
    const random = createRandom(9)
    await endDay(house, () => ({ minutes: 30 + 10 * random.normal(), saves: 0 }), arms.keys())
    const experiment = await house.api.getExperiment({ id }, admin)
    assert.deepEqual([experiment.state, experiment.learningClass], ['stopped', expected], experiment.verdict.sentence)
  }
  const learning = await house.api.learning({}, admin)
  assert.equal(learning.total.learningRate, 0.5)
  assert.match(learning.rows.find((row) => row.id === 'small')?.wouldHaveTaught ?? '', /more, or a larger share/)
})

test('EX19 metrics that do not land are told as late, and looks catch up when they do', async () => {
  await using house = await openHouse()
  await putShelf(house)
  await create(house)
  await start(house)
  const arms = await exposeUnits(house, 100)
  house.clock.advance(2 * DAY_MS)
  assert.equal(await house.settle(), 0)
  assert.deepEqual((await house.api.pulse({}, admin)).attention.map((row) => row.state), ['late'])
  for (const day of ['2026-09-07', '2026-09-08']) {
    for (const unit of arms.keys()) house.metricDays.push({ userId: unit, day, minutes: 5, saves: 0 })
    house.published.add(day)
  }
  assert.equal(await house.settle(), 2)
  const readout = await house.api.readout({ id: 'personal-shelf' }, admin)
  assert.deepEqual(readout.looks.map((look) => look.day), ['2026-09-07', '2026-09-08'])
})

test('CON4 EX59 an hour has a usual from the third day after the first exposure on', async () => {
  await using house = await openHouse()
  const hours = (days: number) => Array.from({ length: 8 * 24 }, (_, i) => ({ hour: new Date(START_MS + (i + 1 - 8 * 24) * 3_600_000).toISOString(), accepted: i < (8 - days) * 24 ? 0 : 10 * (1 + Math.floor(i / 24)) }))
  const usuals = async (days: number) => {
    house.exposedHours.splice(0, house.exposedHours.length, ...hours(days))
    return (await house.api.pulse({}, admin)).notes.map((note) => note.usual)
  }
  assert.ok((await usuals(0)).every((usual) => usual === null))
  assert.ok((await usuals(3)).every((usual) => usual === null), 'today and two days before')
  assert.ok((await usuals(4)).every((usual) => usual === 60), 'the mean of 50, 60 and 70')
  assert.ok((await usuals(8)).every((usual) => usual === 40))
})
