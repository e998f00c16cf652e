// kill -9 at random moments: what a process printed as acknowledged is there for the next one, once, whole and in its place.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createCtx } from '@rondo/context'
import { createRandom } from '@rondo/random'
import { openEventLog, type Appended } from '../src/index.ts'

const ctx = createCtx()

type Acknowledged = { places: (Appended & { values: string[] })[]; committed: number }

/** Runs a script of this folder and kills it after so many lines; gives all that it had printed by then. */
export async function runAndKill(script: string, args: string[], afterLines: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (lines.length === afterLines) child.kill('SIGKILL')
  }
  assert.deepEqual(await exited, [null, 'SIGKILL'])
  return lines
}

function readAcknowledged(lines: string[]): Acknowledged {
  const acknowledged: Acknowledged = { places: [], committed: -1 }
  for (const line of lines) {
    if (!line.endsWith('}') && !line.endsWith(']')) continue
    const told: unknown = JSON.parse(line)
    if (Array.isArray(told)) acknowledged.places.push(...(told as Acknowledged['places']))
    else acknowledged.committed = (told as { committed: number }).committed
  }
  return acknowledged
}

/** Of a log that only these processes open. */
export async function checkKilledWriters(url: string, kills: number): Promise<void> {
  const random = createRandom('kill')
  const places: Acknowledged['places'] = []
  for (let run = 0; run < kills; run += 1) {
    const acknowledged = readAcknowledged(await runAndKill('append-until-killed.ts', [url, `run${run}`], 1 + random.int(400)))
    places.push(...acknowledged.places)
    const log = await openEventLog(url)
    const seen = new Set<string>()
    const byPlace = new Map<string, string>()
    for (const topic of ['a', 'b']) {
      for (const { partition, start, end } of await log.offsets(topic, ctx)) {
        assert.equal(start, 0)
        let offset = 0
        while (offset < end) {
          for (const record of await log.read({ topic, partition, offset }, ctx)) {
            assert.equal(record.offset, offset)
            const value = Buffer.from(record.value).toString()
            assert.match(value, /^run\d+-\d+-\d+-\d+-\.*$/, 'no torn record')
            assert.ok(!seen.has(topic + value), `"${value}" is there twice`)
            seen.add(topic + value)
            byPlace.set(`${topic}@${partition}@${offset}`, value)
            offset += 1
          }
        }
      }
    }
    for (const { topic, partition, firstOffset, count, values } of places) {
      assert.equal(values.length, count)
      for (const [index, value] of values.entries()) assert.equal(byPlace.get(`${topic}@${partition}@${firstOffset + index}`), value)
    }
    if (acknowledged.committed >= 0) assert.ok(((await log.committed('g', 'a', ctx))[0]?.offset ?? -1) >= acknowledged.committed)
    await log.close()
  }
  assert.ok(places.length > kills * 20, `${places.length} appends were acknowledged`)
}
