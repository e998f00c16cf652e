// A start that writes weeks of history is never silent.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHistoryTeller } from './tell-history.ts'

function tell(live: boolean, from: number): { said: string[]; moved: string[] } {
  const [said, moved]: [string[], string[]] = [[], []]
  const teller = createHistoryTeller({ live, say: (text) => void said.push(text), progress: (text) => void moved.push(text) }, from)
  for (const progress of [0.1, 0.26, 0.3, 0.49, 0.5, 0.8, 0.99]) teller(progress, progress * 10_000, '9,000/s')
  return { said, moved }
}

test('PF97 in a pipe each quarter of the history is a line; at a terminal one line moves', () => {
  assert.deepEqual(tell(false, 0).said.map((line) => /\d+ %, [\d,]+ events, 9,000\/s/.exec(line)?.[0]), ['26 %, 2,600 events, 9,000/s', '50 %, 5,000 events, 9,000/s', '80 %, 8,000 events, 9,000/s'])
  assert.deepEqual(tell(false, 0.5).said.length, 1, 'a history that goes on from its half')
  assert.deepEqual([tell(true, 0).said.length, tell(true, 0).moved.length, tell(false, 0).moved.length], [0, 7, 0])
})
