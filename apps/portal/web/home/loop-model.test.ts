/// <reference types="node" />
// What the circle says, from what the rooms report.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attention, Pulse } from '@rondo/contract'
import type { Learning } from '@rondo/experiments/contract'
import { isFresh, sayFate, toArcs, toAttention, toChange, toGreeting, toStations, type LoopFacts } from './loop-model.ts'

const say = (...facts: Parameters<typeof toGreeting>): string => toGreeting(...facts).map((part) => part.text).join('')
const pulse = (change: Partial<Pulse> = {}): Pulse => ({ holds: '', rate: '3 /s', lagMs: 4_100, state: 'healthy', notes: [{ at: 'a', value: 1, usual: 1, spread: 1 }], attention: [], ...change })
const trouble = (state: Attention['state'], subject: string, since: string): Attention => ({ state, subject, since, ref: '/', owner: 'x', message: 'Lists are late. More follows.', hurts: '' })
const nothing: LoopFacts = { events: undefined, pipelines: undefined, recommendations: undefined, experiments: undefined, turn: undefined, learning: undefined, audience: undefined, info: undefined }
const all: LoopFacts = { ...nothing, events: pulse(), pipelines: pulse(), recommendations: pulse(), experiments: pulse() }

test('PO6 rooms that do not answer, or have seen nothing, show no number', () => {
  assert.deepEqual(toArcs(nothing, 0).listen, { lag: '—', rate: 'not connected', notes: [] })
  const arcs = toArcs({ ...all, events: pulse({ lagMs: null, notes: [] }) }, 0)
  assert.equal(arcs.listen.lag, '—')
  assert.deepEqual(arcs.listen.remark, { text: 'no usual yet', tone: 'quiet' })
  assert.equal(arcs.experiments.lag, '—')
})

test('PO24 the arc of events says of what its rate is', () => {
  const rate = (rate: string): string => toArcs({ ...all, events: pulse({ rate }) }, 0).listen.rate
  assert.deepEqual([rate('122,883 /h'), rate('3 /s'), rate('nothing yet')], ['122,883 events an hour', '3 events a second', 'nothing yet'])
})

test('PO7 attention of all rooms: what failed first, then the oldest', () => {
  const facts = { ...all, events: pulse({ attention: [trouble('warned', 'a', '2026-01-01'), trouble('late', 'b', '2026-01-03')] }), pipelines: pulse({ attention: [trouble('failed', 'c', '2026-01-05'), trouble('late', 'd', '2026-01-02')] }) }
  assert.deepEqual(toAttention(facts).map((one) => one.subject), ['c', 'd', 'b', 'a'])
})

test('PO8 the greeting says how many bars are behind, and which is first', () => {
  assert.equal(say(all, [], 9), 'Good morning. The loop is turning, and every bar is on time.')
  assert.equal(say(all, [trouble('late', 'lists', '')], 14), 'Good afternoon. The loop is turning, and one bar is behind, lists: lists are late.')
  assert.match(say(all, [trouble('late', 'lists', ''), trouble('late', 'x', '')], 20), /^Good evening.*two bars are behind, first lists: lists are late\.$/)
})

test('PO9 a platform that never heard an event is fresh', () => {
  const quiet = pulse({ lagMs: null, notes: [] })
  assert.equal(isFresh({ ...nothing, events: quiet, pipelines: quiet }), true)
  assert.equal(isFresh(all), false)
  assert.equal(isFresh(nothing), false)
})

test('PO8 the turn is compared with last week', () => {
  assert.deepEqual(toChange({ week: '2026-01-05', medianMs: 3_600_000, previousMs: 7_200_000, plays: 1, parts: [] }), { text: '↓ 1 h since last week', tone: 'good' })
  assert.equal(toChange({ week: '2026-01-05', medianMs: 3_600_000, previousMs: null, plays: 1, parts: [] }), undefined)
})

const HOUR = 3_600_000
const nowMs = Date.parse('2026-09-21T09:30:00Z')
const hour = (h: number, value = 1): Pulse['notes'][number] => ({ at: new Date(Date.parse('2026-09-21T00:00:00Z') + h * HOUR).toISOString(), value, usual: 1, spread: 1 })
const noPace: Learning['deciding'] = { lagMs: null, lastWeek: 0, total: 0, notes: [] }
const learning = (change: Partial<Learning> = {}): Learning => ({ rows: [], total: { stopped: 0, learned: 0, won: 0, learningRate: null, winRate: null }, classes: [], owners: [], deciding: noPace, shipping: noPace, unshipped: [], ...change })

test('PO15 an hour under way is not compared with whole hours; a day is', () => {
  assert.deepEqual(toArcs({ ...all, events: pulse({ notes: [hour(7), hour(8), hour(9)] }) }, nowMs).listen.notes, [hour(7), hour(8)])
  assert.equal(toArcs({ ...all, events: pulse({ notes: [hour(-24), hour(0)] }) }, nowMs).listen.notes.length, 2)
})

test('PO16 an arc says how late it is, when its room knows', () => {
  assert.deepEqual(toArcs({ ...all, events: pulse({ state: 'late', lateMs: 41 * 60_000 }) }, nowMs).listen.remark, { text: '41 min late', tone: 'late' })
  assert.deepEqual(toArcs({ ...all, events: pulse({ state: 'late', attention: [trouble('late', 'x', '')] }) }, nowMs).listen.remark, { text: 'late', tone: 'late' })
})

test('PO17 deciding and shipping are arcs like the others, empty until something was decided', () => {
  const before = toArcs({ ...all, learning: learning() }, nowMs)
  assert.deepEqual([before.experiments.rate, before.decisions.rate, before.decisions.notes], ['nothing decided yet', 'nothing shipped yet', []])
  const won = { ...all, learning: learning({ total: { stopped: 1, learned: 1, won: 1, learningRate: 1, winRate: 1 }, deciding: { lagMs: 169 * HOUR, lastWeek: 1, total: 1, notes: [] }, unshipped: ['a'] }) }
  const arcs = toArcs(won, nowMs)
  assert.deepEqual([arcs.experiments.lag, arcs.experiments.rate, arcs.experiments.remark?.text], ['7 d 1 h', '1 decided this week', '3 more until a usual'])
  assert.deepEqual([arcs.decisions.lag, arcs.decisions.rate, arcs.decisions.remark], ['—', 'nothing shipped yet', { text: '1 win to ship', tone: 'tonic' }])
  assert.equal(toStations(won, () => false).decisions.holds, '1 taken, 1 to ship')
})

test('PO18 an act that waits is told after every trouble, and alone as the sentence', () => {
  const act = { ...trouble('waiting', 'shelf', '2026-01-01'), message: 'Ship it: list savers rose 92.5 %. Nobody has shipped it yet.' }
  assert.equal(say(all, [act], 9), 'Good morning. The loop is turning, and one act waits for you. Ship it: list savers rose 92.5 %.')
  assert.equal(say(all, [trouble('late', 'lists', ''), act], 9), 'Good morning. The loop is turning, and one bar is behind, lists: lists are late. One act waits for you.')
  assert.deepEqual(toAttention({ ...all, events: pulse({ attention: [act, trouble('warned', 'w', '2026-02-01')] }) }).map((one) => one.state), ['warned', 'waiting'])
  const row: Learning['rows'][number] = { id: 'a', owner: 'x', hypothesis: '', learningClass: 'win', sentence: '', finding: null, startedAt: null, stoppedAt: '2026-09-21T06:30:00Z', shipped: null, shippedAt: null, wouldHaveTaught: null }
  assert.equal(sayFate(row, nowMs), 'Decided 3 h ago, not shipped')
  assert.equal(sayFate({ ...row, shipped: 'personal', shippedAt: '2026-09-21T08:30:00Z' }, nowMs), 'Shipped personal 1 h ago')
})

const info = (phase: 'history' | 'live'): NonNullable<LoopFacts['info']> => ({ name: 'music', version: '0.1.0', now: '', principal: '', world: { on: true, size: 'default', phase, progress: 0.5, rate: 1 }, workspace: { loadedAt: '', definitions: 0, problems: [] }, rooms: [], away: [] })

test('PO21 while the past is being written nobody is silent', () => {
  const events = pulse({ attention: [trouble('silent', 'flag-exposed', ''), trouble('failed', 'x', '')] })
  assert.deepEqual(toAttention({ ...all, events, info: info('history') }).map((one) => one.state), ['failed'])
  assert.deepEqual(toAttention({ ...all, events, info: info('live') }).map((one) => one.state), ['failed', 'silent'])
})

test('PO19 who listens, and how many there are', () => {
  const holds = (audience: LoopFacts['audience']): string => toStations({ ...all, audience }, () => false).listen.holds
  assert.deepEqual([holds(undefined), holds({ activeLastDay: 0, total: 0 }), holds({ activeLastDay: 412, total: 1_624 })], ['', 'nobody yet', '412 of 1,624 listeners in 24 h'])
})

test('PF91 rooms that are away are the greeting, and stand before all else that needs attention', () => {
  const gone = (...rooms: string[]): LoopFacts => ({ ...all, pipelines: pulse({ attention: [trouble('failed', 'c', '2026-01-05')] }), info: { ...info('live'), away: rooms.map((room) => ({ room, address: 'http://rear', reason: `The ${room} room does not answer at http://rear.`, since: '2026-01-06' })) } })
  assert.equal(say(gone('events'), toAttention(gone('events')), 9), 'The events room is away.')
  assert.match(say(gone('events', 'pipelines', 'catalog'), [], 9), /^The events, pipelines and catalog rooms are away\.$/)
  assert.deepEqual(toAttention(gone('events', 'pipelines')).map(({ subject, ref }) => [subject, ref]), [['events', '/events'], ['pipelines', '/data'], ['c', '/']])
  assert.doesNotMatch(say(gone(), [], 9), /away/)
})
