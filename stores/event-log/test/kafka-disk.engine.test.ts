// A Kafka whose disk is full: it ends, and nothing that it acknowledged is lost, nor anything there twice, when it runs again with space.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createCtx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import { engineUrl, smallDiskSkip, startEngine, type StartedEngine } from '@rondo/tools/engines'
import { openEventLog, type EventLog } from '../src/index.ts'

const { skip } = engineUrl('kafka')
const DISK_BYTES = 64 * 2 ** 20
const PAGE_BYTES = 4096
const NOW = Date.UTC(2026, 8, 21, 9)
const ctx = createCtx()

describe('Kafka on a full disk', { skip: skip === false ? smallDiskSkip() : skip }, () => {
  let kafka: StartedEngine
  let log: EventLog
  before(async () => {
    kafka = await startEngine('kafka', { dataBytes: DISK_BYTES })
    log = await openEventLog(`${kafka.url}/?timeoutMs=3000`)
  })
  after(async () => {
    await log.close()
    await kafka[Symbol.asyncDispose]()
  })

  /** Records of a topic, each told by its number. */
  async function createTopic(topic: string) {
    await log.createTopic(topic, { partitions: 1 }, ctx)
    let count = 0
    return {
      append: async (valueBytes: number): Promise<number> => {
        const value = Buffer.alloc(valueBytes)
        value.writeUInt32BE((count += 1))
        const [place] = await log.append([{ topic, records: [{ key: 'k', value }] }], NOW, ctx)
        return place?.firstOffset ?? -1
      },
      async read(): Promise<number[]> {
        const [{ end } = { end: 0 }] = await log.offsets(topic, ctx)
        const records = await log.read({ topic, partition: 0, offset: 0 }, ctx)
        assert.deepEqual(records.map(({ offset }) => offset), Array.from({ length: end }, (_, offset) => offset))
        return records.map(({ value }) => Buffer.from(value).readUInt32BE(0))
      },
    }
  }

  /** Appends until one is not answered, which is what waits for the broker's return. */
  async function appendUntilFull(append: (valueBytes: number) => Promise<number>, valueBytes: number): Promise<{ answered: number; waiting: Promise<number> }> {
    for (let answered = 0; ; answered += 1) {
      const waiting = append(valueBytes)
      const isAnswered = await Promise.race([waiting.then(() => true), untilUnavailable().then(() => false)])
      if (!isAnswered) return { answered, waiting }
    }
  }
  async function untilUnavailable(): Promise<void> {
    while (kafka.isRunning()) await log.ready(ctx).catch(() => undefined)
    await assert.rejects(log.ready(ctx), { code: 'LOG_UNAVAILABLE', kind: 'unavailable' })
  }
  async function returnWithSpace(): Promise<void> {
    await kafka.clearDisk()
    await kafka.start()
  }

  it('EL40 it is told as away; what was acknowledged is there when it is back with space, and what waited is there once', async () => {
    const plays = await createTopic('plays')
    await plays.append(100)
    await kafka.fillDisk(300_000)
    const { answered, waiting } = await appendUntilFull(plays.append, 90_000)
    assert.ok(answered >= 1)
    const late = await plays.append(100).then(() => undefined, (error: AppError) => error)
    assert.deepEqual([late?.code, late?.kind], ['LOG_UNAVAILABLE', 'unavailable'])
    await returnWithSpace()
    assert.equal(await waiting, answered + 1)
    assert.equal(await plays.append(100), answered + 2)
    // The late one was refused, and never appears.
    assert.deepEqual(await plays.read(), [...Array.from({ length: answered + 2 }, (_, index) => index + 1), answered + 4])
  })

  it('EL41 an append whose bytes found room, but whose entry in the index did not, is told once it is known, and read once', async () => {
    const plays = await createTopic('indexed')
    await plays.append(100)
    // Kafka writes an entry of its index behind every 4 KiB; its page is taken from the disk when it is first written to.
    await plays.append(5_000)
    await kafka.fillDisk(PAGE_BYTES)
    const { answered, waiting } = await appendUntilFull(plays.append, 3_000)
    await returnWithSpace()
    assert.equal(await waiting, answered + 2)
    assert.equal(await plays.append(100), answered + 3)
    assert.deepEqual(await plays.read(), Array.from({ length: answered + 4 }, (_, index) => index + 1))
  })
})
