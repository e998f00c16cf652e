// Sends an import in batches, a few in flight, keeps its place after each, and tells what was refused by line.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { WireEvent } from '@rondo/events/contract'
import type { Imported } from './format.ts'

const BATCH = 500
const IN_FLIGHT = 4

export type Answer = { id: string | null; status: 'accepted' | 'duplicate' | 'dead'; reason?: string }
export type Reject = { file: string; line: number; reason: string }
export type Tally = { sent: number; accepted: number; duplicate: number; dead: number; skipped: number; rejects: Reject[] }

export type SendOptions = {
  source: AsyncIterable<Imported>
  send(events: WireEvent[]): Promise<Answer[]>
  /** Holds how many records are known to be durable; a run that was cut off goes on from there. */
  checkpoint: string
  onProgress(tally: Tally): void
}

/** At most so many rejects are kept to be printed; all are counted. */
const KEPT_REJECTS = 1000

export async function sendAll(options: SendOptions): Promise<Tally> {
  const done = await readCheckpoint(options.checkpoint)
  const tally: Tally = { sent: 0, accepted: 0, duplicate: 0, dead: 0, skipped: 0, rejects: [] }
  const flying: Promise<void>[] = []
  /** Batches are answered in any order, but the place only moves past a batch when all before it are durable. */
  let place = Promise.resolve(done)
  let batch: { at: { file: string; line: number }; event: WireEvent }[] = []
  let seen = 0

  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    const [mine, upTo] = [batch, seen]
    batch = []
    const answered = options.send(mine.map(({ event }) => event)).then((answers) => {
      answers.forEach((answer, i) => {
        tally.sent += 1
        tally[answer.status] += 1
        const at = mine[i]?.at
        if (answer.status === 'dead' && at !== undefined) reject(tally, { ...at, reason: answer.reason ?? 'refused' })
      })
      options.onProgress(tally)
    })
    place = Promise.all([place, answered]).then(async () => {
      await writeCheckpoint(options.checkpoint, upTo)
      return upTo
    })
    place.catch(() => {})
    const slot = answered.then(() => void flying.splice(flying.indexOf(slot), 1))
    slot.catch(() => {})
    flying.push(slot)
    if (flying.length >= IN_FLIGHT) await Promise.race(flying)
  }

  for await (const record of options.source) {
    seen += 1
    if (seen <= done) {
      tally.skipped += 1
      continue
    }
    if ('problem' in record) reject(tally, { file: record.file, line: record.line, reason: record.problem }, true)
    else batch.push({ at: { file: record.file, line: record.line }, event: record.event })
    if (batch.length >= BATCH) await flush()
  }
  await flush()
  await Promise.all(flying)
  await place
  return tally
}

function reject(tally: Tally, one: Reject, unsent = false): void {
  if (unsent) tally.dead += 1
  if (tally.rejects.length < KEPT_REJECTS) tally.rejects.push(one)
}

async function readCheckpoint(file: string): Promise<number> {
  return readFile(file, 'utf8').then((text) => (JSON.parse(text) as { records: number }).records).catch(() => 0)
}

async function writeCheckpoint(file: string, records: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.tmp`, JSON.stringify({ records }))
  await rename(`${file}.tmp`, file)
}
