// kill -9 at many moments: nothing acknowledged is lost, nothing counts twice.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createRandom } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import { assertDelivered } from './delivered.ts'
import { makeListening, writeListening } from './listening-events.ts'
import { beginUp, runRondo, startUp, type RunningPlatform } from './running-platform.ts'
import { sendListening } from './send-listening.ts'

const KILLS = 20
/** Of these so many before the port is open. */
const KILLS_DURING_START = 5
const EVENTS = 30_000
const BATCH = 100
/** A start on a folder that was killed may take so much longer than the first, and still be no repair. */
const PATIENCE_MS = 15_000

test('PF14 kill -9 of `up` at twenty moments of an import loses nothing acknowledged and counts nothing twice', { timeout: 240_000 }, async (t) => {
  await using folder = await createTempFolder()
  const data = folder.join('data')
  const random = createRandom('kill')
  const listening = makeListening({ seed: 'kill', count: EVENTS, occurredAtMs: Date.now() })
  let url: string | undefined
  let wakeUp = (): void => {}
  const sending = sendListening(listening.events, BATCH, () => url, () => wakeUp())
  const startsMs: number[] = []
  /** Sometimes between two answers, sometimes long enough after them for landing to have begun. */
  const waitForMoment = async (kill: number): Promise<void> => {
    const until = Math.min(EVENTS / BATCH - 1, Math.round(((kill + random.next()) * EVENTS) / BATCH / KILLS))
    while (sending.answered < until) await new Promise<void>((resolve) => (wakeUp = resolve))
    await pause(random.int(2) === 0 ? random.int(60) : random.int(1500))
  }
  for (let kill = 0; kill < KILLS; kill += 1) {
    const starting = beginUp(data)
    if (kill % (KILLS / KILLS_DURING_START) === 2) {
      await Promise.race([starting.listening, pause(random.int(1200))])
      await starting.kill()
      continue
    }
    const platform = await starting.listening
    startsMs.push(platform.startMs)
    url = platform.url
    await waitForMoment(kill)
    await platform.kill()
    url = undefined
  }
  await using last = await startUp(data)
  url = last.url
  await sending.done
  const good = new Set([...listening.good.values()].flatMap((ids) => [...ids]))
  assert.deepEqual(sending.acknowledged, good, 'in the end every good event was acknowledged')
  await assertDelivered(last, [listening])
  assert.equal(await last.stop(), 0)
  await using again = await startUp(data)
  await assertDelivered(again, [listening])
  assert.doesNotMatch(again.said(), /repair|corrupt|failed/i)
  assert.ok(Math.max(...startsMs, again.startMs) < PATIENCE_MS, `starts took ${startsMs.map(Math.round).join(', ')}, and ${Math.round(again.startMs)} ms`)
  t.diagnostic(`starts ${Math.round(Math.min(...startsMs))} to ${Math.round(Math.max(...startsMs))} ms; the last ${Math.round(again.startMs)} ms with ${EVENTS} events`)
})

test('PF15 an import whose client or server is killed says so, and the same command goes on where it was', { timeout: 120_000 }, async () => {
  await using folder = await createTempFolder()
  const data = folder.join('data')
  const file = folder.join('listening.ndjson')
  const listening = makeListening({ seed: 'resume', count: EVENTS, occurredAtMs: Date.now() })
  await writeListening(file, listening)
  const command = ['import', 'json', file, '--no-refresh', '--json', '--data', data]
  let platform: RunningPlatform = await startUp(data)
  try {
    const cut = await runRondo(command, { onSpawn: (child) => void waitForCheckpoint(data).then(() => child.kill('SIGKILL')) })
    assert.equal(cut.code, null)
    const orphan = await runRondo(command, { onSpawn: (child) => void once(child, 'spawn').then(() => waitForCheckpoint(data, true)).then(() => platform.kill()) })
    assert.equal(orphan.code, 1)
    const error = JSON.parse(orphan.err) as { code: string; help: string }
    assert.equal(error.code, 'UNREACHABLE')
    assert.match(error.help, /same import again.*needs no server.*npx rondo up/)
    platform = await startUp(data)
    const ended = await runRondo(command)
    assert.equal(ended.code, 0, ended.err)
    const tally = JSON.parse(ended.out) as { sent: number; skipped: number; dead: number }
    assert.equal(tally.sent + tally.skipped, EVENTS)
    assert.ok(tally.skipped > 0 && tally.skipped < EVENTS, `skipped ${tally.skipped}`)
    await assertDelivered(platform, [listening])
    const read = await runRondo(['events', 'read', 'track-saved', '--data', data])
    assert.deepEqual(new Set(read.out.trim().split('\n').map((line) => (JSON.parse(line) as { id: string }).id)), listening.good.get('track-saved'))
    const again = JSON.parse((await runRondo(command)).out) as { sent: number; skipped: number }
    assert.deepEqual([again.sent, again.skipped], [0, EVENTS])
  } finally {
    await platform.kill()
  }
})

/** Resolves once the import keeps a place; with `moved`, once it is another than now. */
async function waitForCheckpoint(data: string, moved = false): Promise<void> {
  const read = async (): Promise<string> => {
    for await (const file of glob(join(data, 'imports/*.json'))) return readFile(file, 'utf8').catch(() => '')
    return ''
  }
  const before = moved ? await read() : ''
  while ((await read()) === before) await pause(5)
}
