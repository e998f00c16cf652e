// The loop as a whole: a small world lives six simulated weeks in process, and everything that the house promises about it is looked up.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { WORLD_SIZES } from '@rondo/listeners'
import { recommendationsContract } from '@rondo/recommendations/contract'
import { HOUR_MS, toIsoDate, WEEK_MS } from '@rondo/time'
import { checkLoop, readAll, readReadout, SIX_WEEKS, TYPES } from './loop-rules.ts'
import { liveThrough, START_MS, type SimulatedLife } from './simulated-life.ts'

const SMALL = WORLD_SIZES.small

/** Everything that a second life of the same seed must repeat to the byte. */
async function fingerprintLife(life: SimulatedLife): Promise<string> {
  const hash = createHash('sha256')
  for (const type of TYPES) {
    // Requests that are in flight together may arrive in any order.
    const lines = (await readAll(life, type)).map((row) => `${row.id} ${row.occurredAt} ${row.receivedAt} ${JSON.stringify(row.properties)}`)
    hash.update(lines.sort().join('\n'))
  }
  const { metrics, verdict } = await readReadout(life)
  const rounded = JSON.stringify([metrics, verdict], (_name, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value))
  return hash.update(rounded).digest('hex')
}

checkLoop('six simulated weeks', () => liveThrough(SIX_WEEKS))

test('LOOP6 the same seed lives the same life: events, answers, figures and verdict', async () => {
  const dimensions = { ...SMALL, listeners: 30 }
  const fingerprints: string[] = []
  for (let round = 0; round < 2; round += 1) {
    await using life = await liveThrough({ seed: 11, weeks: 3, dimensions, trial: { afterDays: 7, days: 7 } })
    fingerprints.push(await fingerprintLife(life))
  }
  assert.equal(fingerprints[0], fingerprints[1])
})

test('LOOP7 LOOP5 where listeners answer to both lists alike, the experiment finds nothing; the turns of its second week stand beside the first', async () => {
  await using life = await liveThrough({ seed: 5, weeks: 4, dimensions: { ...SMALL, listeners: 120 }, tasteBlind: true, trial: { afterDays: 7, days: 14 } })
  const { verdict } = await readReadout(life)
  assert.ok(verdict.decision !== 'ship', verdict.sentence)
  const turn = await life.platform.peer(recommendationsContract).turn({}, life.ctx)
  assert.deepEqual([turn.week, turn.plays > 20, (turn.previousMs ?? 0) > HOUR_MS], [toIsoDate(START_MS + 2 * WEEK_MS), true, true], JSON.stringify(turn))
})
