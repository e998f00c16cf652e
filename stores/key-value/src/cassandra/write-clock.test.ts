// Timestamps of writes go up, whatever the machine's clock does.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWriteClock } from './write-clock.ts'

test('KV12 timestamps go up by even numbers while the clock stands or goes back', () => {
  let nowMs = 1_790_000_000_000
  const clock = createWriteClock(() => nowMs, 0.9999)
  const given = [clock.next(), clock.next()]
  nowMs -= 60_000
  given.push(clock.next())
  nowMs += 600_000
  given.push(clock.next())
  assert.ok(given.every((us, index) => us % 2 === 0 && us > (given[index - 1] ?? 0)), String(given))
  assert.equal(given[0], 1_790_000_000_000_998)
  assert.equal(given[3], nowMs * 1_000 + 998)
})
