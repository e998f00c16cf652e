/// <reference types="node" />
// What the circle says, from what the rooms report.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attention, Pulse } from '@rondo/contract'
import { isFresh, toArcs, toAttention, toChange, toGreeting, type LoopFacts } from './loop-model.ts'

const pulse = (change: Partial<Pulse> = {}): Pulse => ({ holds: '', rate: '3 /s', lagMs: 4_100, state: 'healthy', notes: [{ at: 'a', value: 1, usual: 1, spread: 1 }], attention: [], ...change })
const trouble = (state: Attention['state'], subject: string, since: string): Attention => ({ state, subject, since, ref: '/', owner: 'x', message: 'Lists are late. More follows.', hurts: '' })
const nothing: LoopFacts = { events: undefined, pipelines: undefined, recommendations: undefined, experiments: undefined, turn: undefined, learning: undefined, info: undefined }
const all: LoopFacts = { ...nothing, events: pulse(), pipelines: pulse(), recommendations: pulse(), experiments: pulse() }

test('PO6 rooms that do not answer, or have seen nothing, show no number', () => {
  assert.deepEqual(toArcs(nothing, 0).listen, { lag: '—', rate: 'not connected', notes: [] })
  const arcs = toArcs({ ...all, events: pulse({ lagMs: null, notes: [] }) }, 0)
  assert.equal(arcs.listen.lag, '—')
  assert.deepEqual(arcs.listen.remark, { text: '8 days until a usual', tone: 'quiet' })
  assert.equal(arcs.experiments.lag, '—')
})

test('PO7 attention of all rooms: what failed first, then the oldest', () => {
  const facts = { ...all, events: pulse({ attention: [trouble('warned', 'a', '2026-01-01'), trouble('late', 'b', '2026-01-03')] }), pipelines: pulse({ attention: [trouble('failed', 'c', '2026-01-05'), trouble('late', 'd', '2026-01-02')] }) }
  assert.deepEqual(toAttention(facts).map((one) => one.subject), ['c', 'd', 'b', 'a'])
})

test('PO8 the greeting says how many bars are behind, and which is first', () => {
  assert.equal(toGreeting(all, [], 9), 'Good morning. The loop is turning, and every bar is on time.')
  assert.equal(toGreeting(all, [trouble('late', 'lists', '')], 14), 'Good afternoon. The loop is turning, and one bar is behind, lists: lists are late.')
  assert.match(toGreeting(all, [trouble('late', 'lists', ''), trouble('late', 'x', '')], 20), /^Good evening.*two bars are behind, first lists: lists are late\.$/)
})

test('PO9 a platform that never heard an event is fresh', () => {
  const quiet = pulse({ lagMs: null, notes: [] })
  assert.equal(isFresh({ ...nothing, events: quiet, pipelines: quiet }), true)
  assert.equal(isFresh(all), false)
  assert.equal(isFresh(nothing), false)
})

test('PO8 the turn is compared with last week', () => {
  assert.deepEqual(toChange({ medianMs: 3_600_000, previousMs: 7_200_000, plays: 1, parts: [] }), { text: '↓ 1 h since last week', tone: 'good' })
  assert.equal(toChange({ medianMs: 3_600_000, previousMs: null, plays: 1, parts: [] }), undefined)
})
