// What remembering ids costs: time for a new and for a known one, as they come a hundred at a time, and memory: near the limit of a generation, and
// with those of a busy day, most of them in files on disk.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createSilentLog } from '@rondo/host'
import { createRandom } from '@rondo/random'
import { DAY_MS } from '@rondo/time'
import { createRecentIds, type RecentIds } from '../src/domain/recent-ids.ts'
import { openRecentIds } from '../src/open-recent-ids.ts'

/** As bench/src/result.ts has it. */
type Row = { name: string; figure: string; reference?: string; ratio?: number; mark?: string; ok?: boolean }

const IDS = 7_500_000
const DAY_IDS = 100_000_000
const SMALL_DAY_IDS = 5_000_000
const BATCH = 100
const WARM_UP = 200_000
/** Of the ids of a day, looked for again at its end. */
const KNOWN_SHARE = 100
const MIB = 1024 * 1024

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
    ...(await measureDay(small ? SMALL_DAY_IDS : DAY_IDS)),
  ]
}

/** A day's ids, evenly over it, as fast as they go; then some of each part of it once more. */
async function measureDay(count: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-ids-'))
  let nowMs = DAY_MS
  const memory = await openRecentIds({ place: { folder }, windowMs: DAY_MS, log: createSilentLog(), now: () => nowMs, whenStored: async () => undefined })
  const { recent, segments } = memory
  if (segments === undefined) throw new Error(`There is no folder for ids in "${folder}".`)
  try {
    const marks = new Uint8Array(BATCH)
    const words = new Int32Array(BATCH * 2)
    const pass = async (seed: number, share: number, mayBe: number): Promise<{ ns: number; longestMs: number; wrong: number; peakBytes: number }> => {
      const random = createRandom(seed)
      let [totalMs, longestMs, wrong, asked, peakBytes] = [0, 0, 0, 0, 0]
      for (let at = 0; at < count; at += BATCH) {
        for (let i = 0; i < words.length; i += 1) words[i] = random.uint32()
        if (mayBe === 0) nowMs = DAY_MS + Math.floor((at / count) * (DAY_MS - 1))
        if ((at / BATCH) % share !== 0) continue
        marks.fill(0)
        const startedAt = performance.now()
        recent.advance(nowMs)
        const known = recent.addAll(words, 0, 2, BATCH, marks, 0)
        const tookMs = performance.now() - startedAt
        if (mayBe === 0) recent.note('bench', at, words)
        totalMs += tookMs
        longestMs = Math.max(longestMs, tookMs)
        asked += BATCH
        wrong += Math.abs(known - mayBe)
        if ((at / BATCH) % 10 === 0) await setImmediate()
        if ((at / BATCH) % 1000 === 0) peakBytes = Math.max(peakBytes, recent.sizeBytes)
        // No faster than the disk takes them.
        if (recent.isFull && (at / BATCH) % 6000 === 0) await memory.settle()
      }
      return { ns: (totalMs * 1e6) / asked, longestMs, wrong, peakBytes }
    }
    const added = await pass(3, 1, 0)
    const looksForNew = segments.looks
    await memory.settle()
    const known = await pass(3, KNOWN_SHARE, BATCH)
    if (added.wrong + known.wrong > 0 || recent.turnedEarly > 0) throw new Error(`Of ${count} ids ${added.wrong} were taken for known, and later ${known.wrong} for new; the window got shorter ${recent.turnedEarly} times.`)
    const name = `ids of a day, ${count.toLocaleString('en')} of them`
    return [
      { name: `${name}: a new one`, figure: `${added.ns.toFixed(0)} ns`, reference: `the longest batch of ${BATCH}: ${added.longestMs.toFixed(1)} ms; ${(looksForNew / count).toFixed(4)} looks on disk an id; 0 taken for known` },
      { name: `${name}: one that is known`, figure: `${known.ns.toFixed(0)} ns`, reference: `the longest batch: ${known.longestMs.toFixed(1)} ms; ${(((segments.looks - looksForNew) * KNOWN_SHARE) / count).toFixed(2)} looks an id; all known` },
      { name: `${name}: memory`, figure: `${(recent.sizeBytes / MIB).toFixed(0)} MiB`, reference: `at most ${(added.peakBytes / MIB).toFixed(0)} MiB while files were merged; ${(segments.sizeBytes / segments.size).toFixed(2)} bytes for an id that is on disk` },
      { name: `${name}: disk`, figure: `${(segments.diskBytes / MIB).toFixed(0)} MiB`, reference: `${segments.count} files` },
    ]
  } finally {
    await memory.close()
    await rm(folder, { recursive: true })
  }
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
