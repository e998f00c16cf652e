// The thread that makes bucket files: same bytes as without it, and its end is no end of landing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredRecord } from '@rondo/event-log'
import { createEventType } from '../domain/event-type.ts'
import { createBucketWriter } from './bucket-writer.ts'
import { packRecords } from './packed-events.ts'
import { writeBucketFile } from './write-bucket-file.ts'

const START_MS = Date.parse('2026-01-05T09:00:00Z')
const { columns } = createEventType([
  { name: 'track-played', version: '1-0-0', owner: 'squad-world', slo: 'silver', retention: '30d', schema: { type: 'object', properties: { trackId: { type: 'string', personal: 'none' } } } },
])

const makeRecords = (count: number): StoredRecord[] =>
  Array.from({ length: count }, (_, offset) => ({
    key: `u${offset % 7}`,
    value: Buffer.from(JSON.stringify({ id: `e${offset}`, userId: `u${offset % 7}`, occurredAt: '2026-01-05T09:00:01Z', properties: { trackId: `t${offset}` } })),
    ...(offset % 3 === 0 ? { headers: { o: String(START_MS - 5_000) } } : {}),
    offset,
    timestampMs: START_MS + offset,
  }))

test('EV21 files are made beside the collector: the same bytes as in its own thread, many at once', async () => {
  const writer = createBucketWriter()
  const files = await Promise.all([1, 50, 999].map((count) => writer.write(columns, START_MS, packRecords(makeRecords(count)))))
  for (const [i, count] of [1, 50, 999].entries()) {
    const expected = writeBucketFile(columns, START_MS, packRecords(makeRecords(count)))
    assert.deepEqual(files[i], expected)
    assert.equal(files[i]?.late, Math.ceil(count / 3))
  }
  await writer.close()
})

test('EV21 what cannot be made fails alone, and after the thread has ended the next file begins another', async () => {
  const writer = createBucketWriter()
  const broken = packRecords([{ ...(makeRecords(1)[0] as StoredRecord), value: Buffer.from('{') }])
  const [failed, made] = await Promise.allSettled([writer.write(columns, START_MS, broken), writer.write(columns, START_MS, packRecords(makeRecords(3)))])
  assert.equal(failed?.status === 'rejected' && (failed.reason as { code: string }).code, 'BUCKET_UNWRITTEN')
  assert.equal(made?.status, 'fulfilled')
  const cutOff = writer.write(columns, START_MS, packRecords(makeRecords(50_000)))
  const [lost] = await Promise.allSettled([cutOff, writer.close()])
  assert.equal(lost?.status === 'rejected' && (lost.reason as { code: string }).code, 'BUCKET_UNWRITTEN')
  assert.equal((await writer.write(columns, START_MS, packRecords(makeRecords(3)))).rows, 3)
  await writer.close()
})
