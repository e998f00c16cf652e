// Sets of definitions through the door: what is refused, with which words, and what a new set changes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '@rondo/errors'
import { createTempFolder } from '@rondo/testing'
import { DAY_MS } from '@rondo/time'
import type { DefinitionSet, EndpointDefinition, PipelineDefinition } from '../src/contract.ts'
import type { Violation } from '../src/domain/definition-graph.ts'
import { daily, fillDaily, fillWeekly, listening, weekly } from './listening-set.ts'
import { ctx, MONDAY_MS, openRoom, type TestRoom } from './open-room.ts'

async function refuse(room: TestRoom, set: DefinitionSet): Promise<Violation[]> {
  let violations: Violation[] = []
  await assert.rejects(room.api.putDefinitions({ body: set }, ctx), (error) => {
    assert.ok(error instanceof AppError)
    assert.equal(error.code, 'DEFINITIONS_REFUSED')
    violations = error.details['violations'] as Violation[]
    return true
  })
  return violations
}

const withDaily = (change: Partial<EndpointDefinition>): DefinitionSet => ({ ...listening, endpoints: [{ ...daily, ...change }, weekly] })
const withFill = (change: Partial<PipelineDefinition>): DefinitionSet => ({ ...listening, pipelines: [{ ...fillDaily, ...change }, fillWeekly] })

const wrong: { title: string; set: DefinitionSet; rule: string; where: string; column?: string }[] = [
  { title: 'unknown input', set: withFill({ inputs: { plays: { endpoint: 'track-playd' } } }), rule: 'known-input', where: 'fold-plays' },
  { title: 'a loop', set: withFill({ inputs: { plays: { endpoint: 'track-played' }, taste: { endpoint: 'taste-weekly', partitions: { trailing: 1 } } } }), rule: 'no-cycle', where: 'fold-plays' },
  { title: 'two pipelines for one endpoint', set: { ...listening, pipelines: [...listening.pipelines, { ...fillDaily, name: 'again' }] }, rule: 'one-producer', where: 'again' },
  { title: 'an output that is no endpoint', set: withFill({ output: 'nowhere' }), rule: 'output-is-endpoint', where: 'fold-plays' },
  { title: 'an input that nothing fills', set: { ...listening, pipelines: [fillWeekly] }, rule: 'input-is-filled', where: 'fold-weeks' },
  { title: 'a coarser input read as "same"', set: { endpoints: [daily, weekly, { ...daily, name: 'other' }], pipelines: [...listening.pipelines, { ...fillDaily, name: 'coarse', output: 'other', inputs: { plays: { endpoint: 'taste-weekly' } } }] }, rule: 'input-fits', where: 'coarse' },
  { title: 'an unknown parameter', set: withFill({ sql: 'select userId, trackId, 1 as plays, $from as day from plays' }), rule: 'known-parameters', where: 'fold-plays' },
  { title: 'SQL with an unknown column', set: withFill({ sql: 'select userId, trackid2, 1 as plays, $start as day from plays' }), rule: 'sql-plans', where: 'fold-plays', column: 'trackid2' },
  { title: 'SQL that reads a file', set: withFill({ sql: "select * from read_parquet('x')" }), rule: 'sql-plans', where: 'fold-plays' },
  { title: 'SQL that asks the clock', set: withFill({ sql: 'select userId, trackId, 1 as plays, now()::timestamp as day from plays' }), rule: 'sql-repeats', where: 'fold-plays' },
  { title: 'SQL of today', set: withFill({ sql: 'select userId, trackId, 1 as plays, $start as day from plays where occurredAt::date = current_date' }), rule: 'sql-repeats', where: 'fold-plays' },
  { title: 'SQL of chance', set: withFill({ sql: 'select userId, trackId, 1 as plays, $start as day from plays where random() < 0.1' }), rule: 'sql-repeats', where: 'fold-plays' },
  { title: 'a missing result column', set: withFill({ sql: 'select userId, trackId, 1 as plays from plays' }), rule: 'result-has-column', where: 'fold-plays', column: 'day' },
  { title: 'a result of another type', set: withFill({ sql: "select userId, trackId, 'many' as plays, $start as day from plays" }), rule: 'result-fits-type', where: 'fold-plays', column: 'plays' },
  { title: 'an undeclared result column', set: withFill({ sql: 'select userId, trackId, 1 as plays, $start as day, 2 as extra from plays' }), rule: 'result-is-declared', where: 'fold-plays', column: 'extra' },
  { title: 'a column without personal', set: withDaily({ columns: daily.columns.map(({ personal, ...column }) => (column.name === 'userId' ? column : { ...column, ...(personal === undefined ? {} : { personal }) })) }), rule: 'personal-declared', where: 'listening-daily', column: 'userId' },
  { title: 'a key that is no column', set: withDaily({ key: ['nobody'] }), rule: 'known-column', where: 'listening-daily', column: 'nobody' },
  { title: 'an endpoint named as an event type', set: { ...listening, endpoints: [...listening.endpoints, { ...daily, name: 'track-saved' }] }, rule: 'unique-name', where: 'track-saved' },
]

test('PL1 what is refused, and how it is named', async (t) => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  for (const { title, set, rule, where, column } of wrong) {
    await t.test(`PL1 ${title}`, async () => {
      const violations = await refuse(room, set)
      const found = violations.find((violation) => violation.rule === rule)
      assert.deepEqual({ where: found?.where, column: found?.column }, { where, column }, JSON.stringify(violations))
      assert.equal((await room.api.listPipelines({}, ctx)).rows.length, 2, 'the set before still stands')
    })
  }
})

test('PL17 what a rerun would make differently is refused, with its name, its place and the way', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  const [violation] = await refuse(room, withFill({ sql: 'select userId, trackId, 1 as plays,\n  current_timestamp::timestamp as day from plays' }))
  assert.match(violation?.message ?? '', /^uses current_timestamp, which tells another time at every run \(line 2, column 3\).*write \$start, \$end or \$partition/)
})

test('PL1 a loop is named pipeline by pipeline', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  const [violation] = (await refuse(room, withFill({ inputs: { plays: { endpoint: 'track-played' }, taste: { endpoint: 'taste-weekly', partitions: { trailing: 1 } } } }))).filter(({ rule }) => rule === 'no-cycle')
  assert.match(violation?.message ?? '', /fold-plays → fold-weeks → fold-plays|fold-weeks → fold-plays → fold-weeks/)
})

test('PL2 the same set again changes nothing, changed code counts from now on', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  assert.deepEqual((await room.api.putDefinitions({ body: listening }, ctx)).changed, ['fold-plays', 'fold-weeks'])
  await room.events.land('track-played', MONDAY_MS, [{ userId: 'ada', trackId: 't1', playedMs: 5 }])
  room.clock.moveTo(MONDAY_MS + DAY_MS)
  room.events.closeUntil(MONDAY_MS + DAY_MS)
  assert.equal(await room.settle(), 1)
  assert.deepEqual(await room.api.putDefinitions({ body: listening }, ctx), { endpoints: 2, pipelines: 2, changed: [], removed: [] })
  assert.equal(await room.settle(), 0)

  const changed = withFill({ sql: 'select userId, trackId, 10 * count(*) as plays, $start as day from plays group by all' })
  assert.deepEqual((await room.api.putDefinitions({ body: changed }, ctx)).changed, ['fold-plays'])
  assert.equal(await room.settle(), 0, 'what stands keeps its version')
  await room.events.land('track-played', MONDAY_MS + DAY_MS, [{ userId: 'ada', trackId: 't1', playedMs: 5 }])
  room.clock.moveTo(MONDAY_MS + 2 * DAY_MS)
  room.events.closeUntil(MONDAY_MS + 2 * DAY_MS)
  assert.equal(await room.settle(), 1)
  const { rows } = await room.api.sql({ body: { sql: 'select plays from listening_daily order by day' } }, ctx)
  assert.deepEqual(rows, [{ plays: 1 }, { plays: 10 }])

  const run = await room.api.startRun({ body: { pipeline: 'fold-plays', partition: '2026-09-21' } }, ctx)
  assert.deepEqual({ state: run.state, skipped: run.skipped }, { state: 'published', skipped: false }, 'asked for, the new code makes the old partition again')
})

test('PL2 a dataset cannot change how it is cut', async () => {
  await using folder = await createTempFolder()
  await using room = await openRoom(folder.path)
  await room.api.putDefinitions({ body: listening }, ctx)
  await room.events.land('track-played', MONDAY_MS, [{ userId: 'ada', trackId: 't1', playedMs: 5 }])
  room.clock.moveTo(MONDAY_MS + DAY_MS)
  room.events.closeUntil(MONDAY_MS + DAY_MS)
  await room.settle()
  const [violation] = await refuse(room, withDaily({ partition: 'weekly' }))
  assert.equal(violation?.rule, 'partition-stays')
})
