// Which partitions of an input a partition of the output reads.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS, WEEK_MS, findPartitionRange, toPartition, type PartitionKind } from '@rondo/time'
import { computeNextBoundary, computeWindow, findAffected, type Reach } from './partition-windows.ts'

const cases: { reach: Reach; input: PartitionKind; output: PartitionKind; partition: string; from: string; to: string }[] = [
  { reach: 'same', input: 'hourly', output: 'daily', partition: '2026-09-21', from: '2026-09-21T00', to: '2026-09-22T00' },
  { reach: 'same', input: 'daily', output: 'weekly', partition: '2026-09-21', from: '2026-09-21T00', to: '2026-09-28T00' },
  { reach: { trailing: 3 }, input: 'hourly', output: 'hourly', partition: '2026-09-21T01', from: '2026-09-20T23', to: '2026-09-21T02' },
  { reach: { trailing: 56 }, input: 'daily', output: 'weekly', partition: '2026-09-21', from: '2026-08-03T00', to: '2026-09-28T00' },
  // The last whole week that ends by Thursday's end is the one before.
  { reach: { trailing: 1 }, input: 'weekly', output: 'daily', partition: '2026-09-24', from: '2026-09-14T00', to: '2026-09-21T00' },
  { reach: { trailing: 1 }, input: 'weekly', output: 'daily', partition: '2026-09-27', from: '2026-09-21T00', to: '2026-09-28T00' },
]

const rangeOf = (kind: PartitionKind, partition: string) => {
  const range = findPartitionRange(kind, partition)
  assert.ok(range)
  return range
}

test('PL7 windows of inputs', () => {
  for (const { reach, input, output, partition, from, to } of cases) {
    const window = computeWindow(reach, input, rangeOf(output, partition))
    assert.deepEqual([toPartition('hourly', window.startMs), toPartition('hourly', window.endMs)], [from, to], `${JSON.stringify(reach)} ${input} for ${output} ${partition}`)
  }
})

test('PL8 affected outputs are exactly those whose window holds the change', () => {
  const limitMs = rangeOf('weekly', '2026-12-28').startMs
  for (const { reach, input, output } of cases) {
    const changed = { startMs: rangeOf('weekly', '2026-09-21').startMs, endMs: 0 }
    changed.endMs = changed.startMs + (input === 'hourly' ? HOUR_MS : input === 'daily' ? DAY_MS : WEEK_MS)
    const length = output === 'hourly' ? HOUR_MS : output === 'daily' ? DAY_MS : WEEK_MS
    const expected: number[] = []
    for (let startMs = changed.startMs - WEEK_MS; startMs < limitMs; startMs += length) {
      const window = computeWindow(reach, input, { startMs, endMs: startMs + length })
      if (window.startMs <= changed.startMs && window.endMs >= changed.endMs) expected.push(startMs)
    }
    assert.deepEqual(findAffected(reach, input, output, changed, limitMs), expected, `${JSON.stringify(reach)} ${input} for ${output}`)
  }
})

test('PL16 the next boundary is the first end that is not closed yet', () => {
  const at = rangeOf('hourly', '2026-09-21T09').startMs
  assert.equal(toPartition('hourly', computeNextBoundary('hourly', at)), '2026-09-21T10')
  assert.equal(toPartition('hourly', computeNextBoundary('daily', at)), '2026-09-22T00')
  assert.equal(toPartition('hourly', computeNextBoundary('weekly', at)), '2026-09-28T00')
  assert.equal(computeNextBoundary('daily', rangeOf('daily', '2026-09-22').startMs), rangeOf('daily', '2026-09-22').endMs)
})
