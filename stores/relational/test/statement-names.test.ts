// Which statements are worth being kept prepared.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createStatementNames } from '../src/postgres/statement-names.ts'

test('RL32 a statement gets its name with its third use and keeps it; 256 have one, long ones have none', () => {
  const names = createStatementNames()
  assert.deepEqual([1, 2, 3, 4].map(() => names.find('a')), [undefined, undefined, 'r0_0', 'r0_0'])
  for (let text = 1; text < 300; text += 1) for (let use = 0; use < 3; use += 1) names.find(`text ${text}`)
  assert.deepEqual([names.find('text 255'), names.find('text 256'), names.find('a')], ['r0_255', undefined, 'r0_0'])
  const others = createStatementNames()
  for (let use = 0; use < 5; use += 1) assert.equal(others.find('x'.repeat(2_001)), undefined)
})

test('RL32 texts that come once are forgotten; after a change of tables all names are new', () => {
  const names = createStatementNames()
  for (let use = 0; use < 3; use += 1) names.find('a')
  for (let text = 0; text < 5_000; text += 1) names.find(`values ${text}`)
  assert.equal(names.find('a'), 'r0_0')
  names.renew()
  assert.deepEqual([1, 2, 3].map(() => names.find('a')), [undefined, undefined, 'r1_0'])
})
