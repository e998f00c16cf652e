// What remembering ids costs: time for a new and for a known one, as they come a hundred at a time, and memory, near the limit of a generation.
import { createRandom } from '@rondo/random'
import { createRecentIds, type RecentIds } from '../src/domain/recent-ids.ts'

/** As bench/src/result.ts has it. */
type Row = { name: string; figure: string; reference?: string; ratio?: number; mark?: string; ok?: boolean }

const IDS = 7_500_000
const BATCH = 100
const WARM_UP = 200_000

/** `npm run bench -- recent-ids`. */
export async function run({ small = false }: { small?: boolean } = {}): Promise<Row[]> {
  const count = small ? IDS / 10 : IDS
  addAll(createRecentIds({ windowMs: Infinity, maxIds: WARM_UP * 2 }), WARM_UP, 1)
  const ids = createRecentIds({ windowMs: Infinity, maxIds: 8_000_000 })
  const added = addAll(ids, count, 2)
  const known = addAll(ids, count, 2)
  if (added.known > 0 || known.known !== count) throw new Error(`Of ${count} new ids ${added.known} were known, and the second time ${known.known}.`)
  const bytes = ids.sizeBytes / count
  return [
    { name: `recent ids, ${count.toLocaleString('en')} of them: a new one`, figure: `${added.ns.toFixed(0)} ns`, reference: `the longest batch of ${BATCH}: ${added.longestMs.toFixed(1)} ms` },
    { name: 'recent ids: one that is known', figure: `${known.ns.toFixed(0)} ns`, reference: `${bytes.toFixed(1)} bytes an id in memory, 8 in slices on disk` },
  ]
}

function addAll(ids: RecentIds, count: number, seed: number): { ns: number; known: number; longestMs: number } {
  const random = createRandom(seed)
  const words = new Int32Array(BATCH * 2)
  const marks = new Uint8Array(BATCH)
  let totalMs = 0
  let longestMs = 0
  let known = 0
  for (let at = 0; at < count; at += BATCH) {
    for (let i = 0; i < words.length; i += 1) words[i] = random.uint32()
    marks.fill(0)
    const startedAt = performance.now()
    known += ids.addAll(words, 0, 2, BATCH, marks, 0)
    const tookMs = performance.now() - startedAt
    totalMs += tookMs
    longestMs = Math.max(longestMs, tookMs)
  }
  return { ns: (totalMs * 1e6) / count, known, longestMs }
}
