// The rules of packed blocks as tests, for every log: what is read is what was given as records, whether a driver keeps the block or expands it.
import assert from 'node:assert/strict'
import { createCtx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import type { EventLog, Expanders, LogRecord, PackedBlock, RecordBlock, StoredRecord } from './port.ts'

const ctx = createCtx()
const NOW = Date.UTC(2026, 8, 21, 9)
const ENCODING = 'lines-1'

/** What logs under test are opened with: lines of `key=value`. */
export const TEST_EXPANDERS: Expanders = { [ENCODING]: expandLines }

type Rule = (title: string, body: (log: EventLog, under: { reopen?: () => Promise<EventLog> }) => Promise<void>) => void

export function testPackedBlocks(rule: Rule): void {
  rule('EL60 records of a packed block are the records that it stands for, from anywhere, within any limit, beside others, also after opening again', async (log, { reopen }) => {
    for (const topic of ['packed', 'plain']) await log.createTopic(topic, { partitions: 1 }, ctx)
    const parts = Array.from({ length: 7 }, (_, part) => Array.from({ length: 1 + part * 9 }, (_, index) => toRecord(part * 100 + index)))
    for (const [part, records] of parts.entries()) {
      const given = part % 3 === 2 ? records : toPacked(records)
      const [appended] = await log.append([{ topic: 'packed', records: given }], NOW + part, ctx)
      const [wanted] = await log.append([{ topic: 'plain', records }], NOW + part, ctx)
      assert.deepEqual([appended?.firstOffset, appended?.count], [wanted?.firstOffset, wanted?.count])
    }
    const count = parts.flat().length
    const compare = async (opened: EventLog): Promise<void> => {
      for (const limits of [{}, { maxRecords: 1 }, { maxRecords: 11 }, { maxBytes: 1 }, { maxBytes: 300 }, { maxRecords: 5, maxBytes: 200 }] as { maxRecords?: number; maxBytes?: number }[]) {
        for (let offset = 0; offset < count; offset += 1) {
          const [packed, plain] = (await Promise.all(['packed', 'plain'].map((topic) => opened.read({ topic, partition: 0, offset, ...limits }, ctx)))) as [StoredRecord[], StoredRecord[]]
          // Either may have been fewer than asked for.
          const both = Math.min(packed.length, plain.length)
          assert.ok(both > 0)
          assert.deepEqual(show(packed.slice(0, both)), show(plain.slice(0, both)), `from ${offset} with ${JSON.stringify(limits)}`)
          assert.ok(packed.length <= (limits.maxRecords ?? count))
          assert.ok(packed.length === 1 || packed.reduce((sum, { key, value }) => sum + key.length + value.byteLength, 0) <= (limits.maxBytes ?? Infinity))
        }
      }
      for (let part = -1; part < 9; part += 1) {
        const [packed, plain] = await Promise.all(['packed', 'plain'].map((topic) => opened.findOffset({ topic, partition: 0, timestampMs: NOW + part }, ctx)))
        assert.equal(packed, plain)
      }
    }
    await compare(log)
    if (reopen) await compare(await reopen())
  })

  rule('EL61 the records of a packed block go to the partitions of their keys, and into one place with others of their call', async (log) => {
    await log.createTopic('t1', { partitions: 1 }, ctx)
    await log.createTopic('t3', { partitions: 3 }, ctx)
    const records = Array.from({ length: 40 }, (_, index) => toRecord(index))
    const batches = ['t1', 't3'].flatMap((topic) => [{ topic, records: toPacked(records) }, { topic, records: records.slice(0, 3) }, { topic, records: toPacked(records.slice(5)) }])
    await log.append(batches, NOW, ctx)
    const wanted = [...records, ...records.slice(0, 3), ...records.slice(5)]
    assert.deepEqual(show(await log.read({ topic: 't1', partition: 0, offset: 0 }, ctx)).map(([key, value]) => [key, value]), show(wanted).map(([key, value]) => [key, value]))
    const plain = await log.createTopic('p3', { partitions: 3 }, ctx).then(() => log.append([{ topic: 'p3', records: wanted }], NOW, ctx))
    assert.ok(plain.length > 1)
    for (const partition of [0, 1, 2]) assert.deepEqual(show(await log.read({ topic: 't3', partition, offset: 0 }, ctx)), show(await log.read({ topic: 'p3', partition, offset: 0 }, ctx)))
  })

  rule('EL62 a block that could not be read is refused, with all of its call', async (log) => {
    await log.createTopic('t', { partitions: 1 }, ctx)
    const good = toPacked([toRecord(1)])
    const bad: [PackedBlock, string][] = [
      [{ ...good, encoding: 'lines-2' }, 'RECORD_ENCODING_UNKNOWN'],
      [{ ...good, encoding: 'constructor' }, 'RECORD_ENCODING_UNKNOWN'],
      [{ ...good, encoding: 'A b' }, 'BAD_RECORD_BLOCK'],
      [{ ...good, count: 0 }, 'BAD_RECORD_BLOCK'],
      [{ ...good, count: 1.5 }, 'BAD_RECORD_BLOCK'],
      [{ ...good, count: 1e9 }, 'BAD_RECORD_BLOCK'],
      [{ ...good, largestBytes: log.capabilities.maxRecordBytes + 1 }, 'RECORD_TOO_LARGE'],
    ]
    for (const [records, code] of bad) await assert.rejects(log.append([{ topic: 't', records: good }, { topic: 't', records }], NOW, ctx), (error: AppError) => error.code === code, code)
    assert.deepEqual(await log.read({ topic: 't', partition: 0, offset: 0 }, ctx), [])
  })
}

/** Of the form of the tests. */
export function toPacked(records: LogRecord[]): PackedBlock {
  const body = Buffer.from(records.map(({ key, value }) => `${key}=${Buffer.from(value).toString()}\n`).join(''))
  return { encoding: ENCODING, count: records.length, largestBytes: Math.max(...records.map(({ key, value }) => Buffer.byteLength(key) + value.byteLength)), body }
}

function expandLines(body: Uint8Array, count: number, from: number, { maxRecords, maxBytes }: { maxRecords: number; maxBytes: number }): RecordBlock {
  const lines = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString().split('\n').slice(0, -1)
  assert.equal(lines.length, count)
  const taken: [key: string, value: string][] = []
  for (let bytes = 0; taken.length < maxRecords && from + taken.length < count && (taken.length === 0 || bytes < maxBytes); ) {
    const line = lines[from + taken.length] as string
    taken.push([line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
    bytes += Buffer.byteLength(line) - 1
  }
  const [keys, values] = [0, 1].map((at) => taken.map((pair) => Buffer.from(pair[at] as string))) as [Buffer[], Buffer[]]
  return { keys: Buffer.concat(keys), keyBytes: Uint32Array.from(keys, ({ byteLength }) => byteLength), values: Buffer.concat(values), valueBytes: Uint32Array.from(values, ({ byteLength }) => byteLength) }
}

function toRecord(index: number): LogRecord {
  return { key: `${index % 4 === 0 ? 'käy 🎵' : 'k'}${index % 5}`, value: Buffer.from(`v${index}${'ü'.repeat(index % 13)}`) }
}

function show(records: (LogRecord & { offset?: number; timestampMs?: number })[]): unknown[][] {
  return records.map(({ key, value, headers, offset, timestampMs }) => [key, Buffer.from(value).toString(), headers, offset, timestampMs])
}
