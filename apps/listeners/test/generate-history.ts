// Prints how fast histories are made, without a platform: node apps/listeners/test/generate-history.ts [small default large]
import { HOUR_MS, SECOND_MS, WEEK_MS, startOfWeek } from '@rondo/time'
import { WORLD_SIZES, type WorldSize } from '../src/index.ts'
import { createWorld } from '../src/world/world.ts'
import { START_MS } from './worlds.ts'

const asked = process.argv.slice(2)
for (const size of Object.keys(WORLD_SIZES) as WorldSize[]) {
  if (asked.length > 0 && !asked.includes(size)) continue
  const dimensions = WORLD_SIZES[size]
  const list = Array.from({ length: 30 }, (_, i) => ({ trackId: `track-${String(201 + i).padStart(5, '0')}`, position: i + 1 }))
  const shelves = {
    probe: async () => true,
    ask: async (requests: { atMs: number }[]) => requests.map(({ atMs }) => (startOfWeek(atMs) === START_MS ? undefined : { shelf: 'popularity' as const, tracks: list })),
  }
  const startedAt = performance.now()
  const world = createWorld({ seed: 1, dimensions, tasteBlind: false, startMs: START_MS, shelves }, undefined, START_MS)
  let events = 0
  for (let hourMs = START_MS; hourMs < START_MS + dimensions.weeks * WEEK_MS; hourMs += HOUR_MS) events += (await world.step(hourMs + HOUR_MS - SECOND_MS)).length
  const seconds = (performance.now() - startedAt) / 1000
  process.stdout.write(`${size.padEnd(8)} ${events.toLocaleString('en-US').padStart(10)} events in ${seconds.toFixed(2).padStart(6)} s: ${Math.round(events / seconds).toLocaleString('en-US')} a second\n`)
}
