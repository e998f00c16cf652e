// Sends an import in batches, a few in flight, keeps its place after each, and tells what was refused by line.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { WireEvent } from '@rondo/events/contract'
import type { Imported } from './format.ts'

const BATCH = 500
const IN_FLIGHT = 4

export type Answer = { id: string | null; status: 'accepted' | 'duplicate' | 'dead'; reason?: string }
export type Reject = { file: string; line: number; reason: string }
/** `lines` of the source that were dealt with, earlier runs included; all else counts events, and lines that gave none are `dead`. */
export type Tally = { lines: number; sent: number; accepted: number; duplicate: number; dead: number; skipped: number; rejects: Reject[] }

export type SendOptions = {
  source: AsyncIterable<Imported>
  send(events: WireEvent[]): Promise<Answer[]>
  /** Holds how many records are known to be durable; a run that was cut off goes on from there. */
  checkpoint: string
  /** Aborted, what is under way is answered and kept, and nothing more is sent. */
  signal: AbortSignal
  onProgress(tally: Tally): void
}

/** Records before this place are dealt with; of them so many events were taken. */
type Place = { records: number; taken: number }

/** At most so many rejects are kept to be printed; all are counted. */
const KEPT_REJECTS = 1000

/** `taken`: whether the collector has anything of this source, from this run or an earlier one. Where it has nothing, the next run begins anew. */
export async function sendAll(options: SendOptions): Promise<{ tally: Tally; taken: boolean }> {
  const done = await readCheckpoint(options.checkpoint)
  const tally: Tally = { lines: 0, sent: 0, accepted: 0, duplicate: 0, dead: 0, skipped: 0, rejects: [] }
  const flying: Promise<void>[] = []
  /** Batches are answered in any order, but the place only moves past a batch when all before it are durable. */
  let place: Promise<Place> = Promise.resolve(done)
  let batch: Imported[] = []
  let [seen, lines, lastLine] = [0, 0, '']

  const flush = async (): Promise<void> => {
    const [mine, upTo, newLines] = [batch, seen, lines]
    batch = []
    lines = 0
    const answered = answer(mine, options.send).then((answers) => {
      for (const one of answers) count(tally, one)
      tally.lines += newLines
      options.onProgress(tally)
      return answers.filter(({ status }) => status === 'accepted' || status === 'duplicate').length
    })
    place = Promise.all([place, answered]).then(async ([{ taken }, more]) => {
      const next = { records: upTo, taken: taken + more }
      await writeCheckpoint(options.checkpoint, next)
      return next
    })
    place.catch(() => {})
    const slot = answered.then(() => void flying.splice(flying.indexOf(slot), 1))
    slot.catch(() => {})
    flying.push(slot)
    if (flying.length >= IN_FLIGHT) await Promise.race(flying)
  }

  for await (const record of options.source) {
    if (options.signal.aborted) break
    seen += 1
    const line = `${record.file}:${record.line}`
    if (line !== lastLine) lines += 1
    lastLine = line
    if (seen <= done.records) {
      tally.skipped += 1
      continue
    }
    batch.push(record)
    if (batch.length >= BATCH) await flush()
  }
  if (!options.signal.aborted && batch.length > 0) await flush()
  await Promise.all(flying)
  const taken = (await place).taken > 0
  if (!taken) await rm(options.checkpoint, { force: true })
  return { tally, taken }
}

type Outcome = { at: Imported; status: Answer['status'] | 'unsent'; reason: string }

/** What became of each record, in their order; those that are no events are not sent. */
async function answer(records: Imported[], send: SendOptions['send']): Promise<Outcome[]> {
  const events = records.flatMap((record) => ('event' in record ? [record.event] : []))
  const answers = events.length === 0 ? [] : await send(events)
  let next = 0
  return records.map((at): Outcome => {
    if ('problem' in at) return { at, status: 'unsent', reason: at.problem }
    const { status, reason } = answers[next++] ?? { status: 'dead' as const, reason: 'it was not answered' }
    return { at, status, reason: reason ?? 'refused' }
  })
}

function count(tally: Tally, { at, status, reason }: Outcome): void {
  if (status !== 'unsent') tally.sent += 1
  if (status === 'accepted' || status === 'duplicate') tally[status] += 1
  else {
    tally.dead += 1
    if (tally.rejects.length < KEPT_REJECTS) tally.rejects.push({ file: at.file, line: at.line, reason })
  }
}

async function readCheckpoint(file: string): Promise<Place> {
  return readFile(file, 'utf8').then((text) => JSON.parse(text) as Place).catch(() => ({ records: 0, taken: 0 }))
}

async function writeCheckpoint(file: string, place: Place): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.tmp`, JSON.stringify(place))
  await rename(`${file}.tmp`, file)
}
