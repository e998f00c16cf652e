// The rules of SPEC.md as tests, for every driver: `testEventLog('file', openIt)` in a driver's test file.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCtx } from '@rondo/context'
import type { AppError, ErrorKind } from '@rondo/errors'
import { testPackedBlocks } from './packed-conformance.ts'
import type { EventLog, EventTopics, LogRecord, RecordBlock } from './port.ts'

/** A log that nobody else uses. `reopen` closes it and opens the same data again; drivers that keep nothing leave it out. */
export type LogUnderTest = AsyncDisposable & { log: EventLog; reopen?: () => Promise<EventLog> }

/** What engines without offsets show: their rules are the common ones, the others are skipped by the name of the capability. `readAll`: everything appended since the topic was made. */
export type TopicsUnderTest = AsyncDisposable & { topics: EventTopics; readAll(topic: string): Promise<LogRecord[]> }

const ctx = createCtx()
const NOW = Date.UTC(2026, 8, 21, 9)

export function testEventLog(name: string, open: () => Promise<LogUnderTest | TopicsUnderTest>): void {
  const rule = (title: string, body: (log: EventLog, under: LogUnderTest) => Promise<void>): void => {
    it(title, async (test) => {
      await using under = await open()
      if ('log' in under) await body(under.log, under)
      else test.skip('needs capabilities.offsets')
    })
  }
  /** Holds for every engine, however it is read. */
  const commonRule = (title: string, body: (topics: EventTopics, readAll: (topic: string) => Promise<LogRecord[]>) => Promise<void>): void => {
    it(title, async () => {
      await using under = await open()
      if ('log' in under) await body(under.log, (topic) => under.log.read({ topic, partition: 0, offset: 0 }, ctx))
      else await body(under.topics, (topic) => under.readAll(topic))
    })
  }

  describe(`event log: ${name}`, () => {
    testPackedBlocks(rule)

    commonRule('EL1 a topic is created once; the same config again changes nothing, another partition count is refused', async (log) => {
      await log.createTopic('track-played', { partitions: 2, retentionMs: 1000 }, ctx)
      await log.createTopic('track-played', { partitions: 2, retentionMs: 1000 }, ctx)
      await fails(log.createTopic('track-played', { partitions: 3 }, ctx), 'TOPIC_MISMATCH', 'conflict')
      await log.createTopic('a', { partitions: 1 }, ctx)
      assert.deepEqual(await log.listTopics(ctx), [
        { topic: 'a', config: { partitions: 1 } },
        { topic: 'track-played', config: { partitions: 2, retentionMs: 1000 } },
      ])
      await log.createTopic('a', { partitions: 1, retentionBytes: 7 }, ctx)
      assert.deepEqual((await log.listTopics(ctx))[0], { topic: 'a', config: { partitions: 1, retentionBytes: 7 } })
    })

    commonRule('EL1 creating one topic many times at once creates it once', async (log) => {
      const outcomes = await Promise.allSettled([1, 1, 2, 1].map((partitions) => log.createTopic('t', { partitions }, ctx)))
      assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 1)
      assert.deepEqual(await log.listTopics(ctx), [{ topic: 't', config: { partitions: 1 } }])
    })

    for (const topic of ['', '.', '..', 'a/b', '../a', 'a b', 'ä', 'a@0', 'a'.repeat(201), 'a\0']) {
      commonRule(`EL2 the topic name ${JSON.stringify(topic.slice(0, 12))} is refused`, async (log) => {
        await fails(log.createTopic(topic, { partitions: 1 }, ctx), 'BAD_NAME', 'invalid')
      })
    }
    for (const config of [{ partitions: 0 }, { partitions: 1.5 }, { partitions: 2000 }, { partitions: 1, retentionMs: 0 }, { partitions: 1, retentionBytes: -1 }]) {
      commonRule(`EL2 the config ${JSON.stringify(config)} is refused`, async (log) => {
        await fails(log.createTopic('t', config, ctx), 'BAD_TOPIC_CONFIG', 'invalid')
      })
    }

    rule('EL3 records come back as written, with offsets from 0 without gaps', async (log) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      const records: LogRecord[] = [
        { key: 'u1', value: text('one'), headers: { skew: '12', 'ünïcode': '✓' } },
        { key: '', value: new Uint8Array(0) },
        { key: 'käy 🎵', value: Uint8Array.from({ length: 256 }, (_, index) => index) },
      ]
      assert.deepEqual(await log.append([{ topic: 't', records }], NOW, ctx), [{ topic: 't', partition: 0, firstOffset: 0, count: 3 }])
      assert.deepEqual(await log.append([{ topic: 't', records: [{ key: 'u2', value: text('four'), headers: {} }] }], NOW + 1, ctx), [{ topic: 't', partition: 0, firstOffset: 3, count: 1 }])
      assert.deepEqual(plain(await log.read({ topic: 't', partition: 0, offset: 0 }, ctx)), [
        { ...plain([records[0] as LogRecord])[0], offset: 0, timestampMs: NOW },
        { key: '', value: [], offset: 1, timestampMs: NOW },
        { ...plain([records[2] as LogRecord])[0], offset: 2, timestampMs: NOW },
        { key: 'u2', value: [...text('four')], offset: 3, timestampMs: NOW + 1 },
      ])
    })

    rule('EL3 records given as columns come back as records, on one partition and on many, beside others of the same call', async (log) => {
      const keys = ['u1', '', 'käy 🎵', 'u2']
      const values = ['one', 'two', '', 'fünf']
      for (const partitions of [1, 3]) {
        const topic = `t${partitions}`
        await log.createTopic(topic, { partitions }, ctx)
        const block = toBlock(keys, values)
        const appended = await log.append([{ topic, records: block }, { topic, records: [record('u3')] }, { topic, records: block }], NOW, ctx)
        assert.equal(appended.reduce((sum, { count }) => sum + count, 0), 9)
        const found: string[] = []
        for (let partition = 0; partition < partitions; partition += 1) {
          for (const { key, value, headers } of await log.read({ topic, partition, offset: 0 }, ctx)) {
            assert.equal(headers, undefined)
            if (key !== 'u3') found.push(`${key}=${Buffer.from(value).toString()}`)
          }
        }
        const wanted = keys.map((key, index) => `${key}=${values[index] as string}`)
        if (partitions === 1) assert.deepEqual(found, [...wanted, ...wanted])
        else assert.deepEqual(found.sort(), [...wanted, ...wanted].sort())
        assert.deepEqual(await log.append([{ topic, records: toBlock([], []) }], NOW, ctx), [])
      }
    })

    rule('EL3 columns of many bytes come back whole', async (log) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      const values = Array.from({ length: 300 }, (_, index) => String(index).repeat(4000))
      await log.append([{ topic: 't', records: toBlock(values.map((_, index) => `k${index}`), values) }], NOW, ctx)
      for (let offset = 0; offset < 300; ) {
        for (const found of await log.read({ topic: 't', partition: 0, offset }, ctx)) {
          assert.deepEqual([found.key, Buffer.from(found.value).toString(), found.offset], [`k${offset}`, values[offset], offset])
          offset += 1
        }
      }
    })

    commonRule('EL6 columns whose sizes or bytes do not fit are refused and write nothing', async (log, readAll) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      const good = toBlock(['a', 'bc'], ['x', 'y'])
      const bad: [RecordBlock, string, ErrorKind][] = [
        [{ ...good, keyBytes: Uint32Array.of(1) }, 'BAD_RECORD_BLOCK', 'invalid'],
        [{ ...good, keyBytes: Uint32Array.of(1, 1) }, 'BAD_RECORD_BLOCK', 'invalid'],
        [{ ...good, valueBytes: Uint32Array.of(1, 7) }, 'BAD_RECORD_BLOCK', 'invalid'],
        [{ ...good, keys: Uint8Array.of(97, 0xc3, 0x28) }, 'BAD_RECORD_KEY', 'invalid'],
        // Half a character each.
        [{ ...good, keys: Buffer.from('aä'), keyBytes: Uint32Array.of(2, 1) }, 'BAD_RECORD_KEY', 'invalid'],
        [{ keys: Buffer.from('a'), keyBytes: Uint32Array.of(1), values: new Uint8Array(log.capabilities.maxRecordBytes + 1), valueBytes: Uint32Array.of(log.capabilities.maxRecordBytes + 1) }, 'RECORD_TOO_LARGE', 'too-large'],
      ]
      for (const [records, code, kind] of bad) await fails(log.append([{ topic: 't', records: good }, { topic: 't', records }], NOW, ctx), code, kind)
      assert.deepEqual(await readAll('t'), [])
    })

    rule('EL3 appending nothing writes nothing', async (log) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      assert.deepEqual(await log.append([], NOW, ctx), [])
      assert.deepEqual(await log.append([{ topic: 't', records: [] }], NOW, ctx), [])
      assert.deepEqual(await log.offsets('t', ctx), [{ topic: 't', partition: 0, start: 0, end: 0 }])
    })

    rule('EL4 records of one key share a partition and keep their order; many keys use all partitions', async (log) => {
      await log.createTopic('t', { partitions: 4 }, ctx)
      const records = Array.from({ length: 400 }, (_, index) => ({ key: `user-${index % 40}`, value: text(String(index)) }))
      const appended = await log.append([{ topic: 't', records: records.slice(0, 200) }, { topic: 't', records: records.slice(200) }], NOW, ctx)
      assert.equal(new Set(appended.map(({ partition }) => partition)).size, appended.length, 'one place for each partition of one call')
      assert.equal(appended.reduce((sum, { count }) => sum + count, 0), 400)
      const homes = new Map<string, number>()
      for (const { partition, end } of await log.offsets('t', ctx)) {
        const found = await log.read({ topic: 't', partition, offset: 0 }, ctx)
        assert.ok(found.length > 0, 'every partition is used')
        assert.equal(found.length, end)
        const numbers = found.map(({ value }) => Number(Buffer.from(value).toString()))
        assert.deepEqual(numbers, numbers.toSorted((a, b) => a - b), 'one call keeps its order')
        for (const { key } of found) assert.equal(rememberHome(homes, key, partition), partition)
      }
      assert.equal(homes.size, 40)
    })

    commonRule('EL5 one append over several topics answers with each place', async (log, readAll) => {
      for (const topic of ['a', 'b', 'c']) await log.createTopic(topic, { partitions: 1 }, ctx)
      const appended = await log.append(['a', 'b', 'c'].map((topic) => ({ topic, records: [record(topic)] })), NOW, ctx)
      assert.deepEqual(appended.map(({ topic }) => topic).sort(), ['a', 'b', 'c'])
      for (const topic of ['a', 'b', 'c']) assert.equal((await readAll(topic))[0]?.key, topic)
    })

    commonRule('EL6 an append that is refused writes nothing at all', async (log, readAll) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      const good = { topic: 't', records: [record('x')] }
      await fails(log.append([good, { topic: 'unknown', records: [record('x')] }], NOW, ctx), 'TOPIC_NOT_FOUND', 'not-found')
      await fails(log.append([good], Number.NaN, ctx), 'BAD_TIMESTAMP', 'invalid')
      await fails(log.append([good, { topic: 't', records: [{ key: '\ud800', value: text('x') }] }], NOW, ctx), 'BAD_RECORD_KEY', 'invalid')
      const tooLarge = { key: 'x', value: new Uint8Array(log.capabilities.maxRecordBytes + 1) }
      await fails(log.append([good, { topic: 't', records: [tooLarge] }], NOW, ctx), 'RECORD_TOO_LARGE', 'too-large')
      assert.deepEqual(await readAll('t'), [])
    })

    rule('EL7 many appends at once are each contiguous, and none is lost', async (log) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      const places = await Promise.all(Array.from({ length: 60 }, (_, call) => log.append([{ topic: 't', records: Array.from({ length: 5 }, () => record(`call-${call}`)) }], NOW, ctx)))
      const found = await log.read({ topic: 't', partition: 0, offset: 0 }, ctx)
      assert.deepEqual(found.map(({ offset }) => offset), Array.from({ length: 300 }, (_, index) => index))
      for (const [call, [place]] of places.entries()) {
        const first = place?.firstOffset ?? -1
        assert.deepEqual(found.slice(first, first + 5).map(({ key }) => key), Array(5).fill(`call-${call}`))
      }
    })

    rule('EL8 a read is bounded by records and by bytes, but gives at least one record', async (log) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      for (let batch = 0; batch < 5; batch += 1) await log.append([{ topic: 't', records: Array.from({ length: 20 }, () => ({ key: 'k', value: new Uint8Array(1000) })) }], NOW, ctx)
      const at = { topic: 't', partition: 0 }
      assert.equal((await log.read({ ...at, offset: 0, maxRecords: 7 }, ctx)).length, 7)
      const some = (await log.read({ ...at, offset: 37, maxRecords: 5 }, ctx)).map(({ offset }) => offset)
      assert.deepEqual(some, [37, 38, 39, 40, 41].slice(0, Math.max(1, some.length)))
      const bounded = await log.read({ ...at, offset: 10, maxBytes: 10_000 }, ctx)
      assert.ok(bounded.length >= 1 && bounded.length <= 10, `${bounded.length} records`)
      assert.equal((await log.read({ ...at, offset: 3, maxBytes: 1 }, ctx)).length, 1)
      const all: number[] = []
      for (let offset = 0; ; ) {
        const some = await log.read({ ...at, offset, maxRecords: 9, maxBytes: 5_500 }, ctx)
        if (some.length === 0) break
        for (const { offset: found } of some) all.push(found)
        offset = (some.at(-1)?.offset ?? 0) + 1
      }
      assert.deepEqual(all, Array.from({ length: 100 }, (_, index) => index))
    })

    rule('EL9 reading at or beyond the end gives nothing; wrong places and limits are refused', async (log) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      await log.append([{ topic: 't', records: [record('x')] }], NOW, ctx)
      assert.deepEqual(await log.read({ topic: 't', partition: 0, offset: 1 }, ctx), [])
      assert.deepEqual(await log.read({ topic: 't', partition: 0, offset: 900 }, ctx), [])
      await fails(log.read({ topic: 'nope', partition: 0, offset: 0 }, ctx), 'TOPIC_NOT_FOUND', 'not-found')
      await fails(log.read({ topic: 't', partition: 1, offset: 0 }, ctx), 'PARTITION_NOT_FOUND', 'not-found')
      await fails(log.read({ topic: 't', partition: 0, offset: -1 }, ctx), 'BAD_OFFSET', 'invalid')
      await fails(log.read({ topic: 't', partition: 0, offset: 0.5 }, ctx), 'BAD_OFFSET', 'invalid')
      await fails(log.read({ topic: 't', partition: 0, offset: 0, maxRecords: 0 }, ctx), 'BAD_LIMIT', 'invalid')
      await fails(log.offsets('nope', ctx), 'TOPIC_NOT_FOUND', 'not-found')
    })

    rule('EL10 an instant finds the first record at or after it, also when the clock went back', async (log) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      const times = [10, 20, 15, 12, 30, 5, 30, 40]
      for (const time of times) await log.append([{ topic: 't', records: [record('a'), record('b')] }], time, ctx)
      for (const timestampMs of [-Infinity, 0, 5, 10, 11, 15, 20, 21, 30, 31, 40, 41, Infinity]) {
        const first = times.findIndex((time) => time >= timestampMs)
        assert.equal(await log.findOffset({ topic: 't', partition: 0, timestampMs }, ctx), first < 0 ? times.length * 2 : first * 2, String(timestampMs))
      }
      const kept = await log.read({ topic: 't', partition: 0, offset: 0 }, ctx)
      assert.deepEqual(kept.map(({ timestampMs }) => timestampMs), times.flatMap((time) => [time, time]))
    })

    rule('EL11 groups keep their own positions by topic and partition', async (log) => {
      await log.createTopic('a', { partitions: 2 }, ctx)
      await log.createTopic('b', { partitions: 1 }, ctx)
      assert.deepEqual(await log.committed('landing', 'a', ctx), [])
      await log.commit('landing', [{ topic: 'a', partition: 1, offset: 5 }, { topic: 'b', partition: 0, offset: 2 }], ctx)
      await log.commit('landing', [{ topic: 'a', partition: 0, offset: 1 }], ctx)
      await log.commit('live', [{ topic: 'a', partition: 0, offset: 9 }], ctx)
      await log.commit('landing', [{ topic: 'a', partition: 1, offset: 3 }], ctx)
      await log.commit('landing', [], ctx)
      assert.deepEqual(await log.committed('landing', 'a', ctx), [{ topic: 'a', partition: 0, offset: 1 }, { topic: 'a', partition: 1, offset: 3 }])
      assert.deepEqual(await log.committed('landing', 'b', ctx), [{ topic: 'b', partition: 0, offset: 2 }])
      assert.deepEqual(await log.committed('live', 'a', ctx), [{ topic: 'a', partition: 0, offset: 9 }])
    })

    rule('EL74 positions of all topics are listed by group, and what is forgotten was never committed', async (log) => {
      await log.createTopic('a', { partitions: 2 }, ctx)
      await log.createTopic('b', { partitions: 1 }, ctx)
      await log.commit('one', [{ topic: 'a', partition: 0, offset: 5 }, { topic: 'a', partition: 1, offset: 6 }, { topic: 'b', partition: 0, offset: 2 }], ctx)
      await log.commit('two', [{ topic: 'b', partition: 0, offset: 9 }], ctx)
      const list = async (wanted: string): Promise<string[]> => (await log.listCommitted((group) => group.startsWith(wanted), ctx)).map(({ group, topic, partition, offset }) => `${group} ${topic} ${partition} ${offset}`).toSorted()
      assert.deepEqual(await list(''), ['one a 0 5', 'one a 1 6', 'one b 0 2', 'two b 0 9'])
      assert.deepEqual(await list('t'), ['two b 0 9'])
      await log.forget('one', ['a'], ctx)
      await log.forget('one', ['a'], ctx)
      await log.forget('never', ['a', 'b'], ctx)
      assert.deepEqual(await list(''), ['one b 0 2', 'two b 0 9'])
      assert.deepEqual(await log.committed('one', 'a', ctx), [])
      await log.commit('one', [{ topic: 'a', partition: 1, offset: 1 }], ctx)
      assert.deepEqual(await list('one'), ['one a 1 1', 'one b 0 2'])
      await fails(log.forget('one', ['never'], ctx), 'TOPIC_NOT_FOUND', 'not-found')
    })

    rule('EL11 a commit with one wrong position commits nothing', async (log) => {
      await log.createTopic('a', { partitions: 1 }, ctx)
      await fails(log.commit('g', [{ topic: 'a', partition: 0, offset: 1 }, { topic: 'a', partition: 1, offset: 1 }], ctx), 'PARTITION_NOT_FOUND', 'not-found')
      await fails(log.commit('g', [{ topic: 'a', partition: 0, offset: -1 }], ctx), 'BAD_OFFSET', 'invalid')
      await fails(log.commit('not a name', [{ topic: 'a', partition: 0, offset: 1 }], ctx), 'BAD_NAME', 'invalid')
      assert.deepEqual(await log.committed('g', 'a', ctx), [])
    })

    rule('EL12 a long poll ends with the record, with its time, with its caller, or with the log', async (log) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      const at = { topic: 't', partition: 0 }
      assert.equal(await log.waitFor({ ...at, offset: 0 }, 1, ctx), false)
      const waits = [log.waitFor({ ...at, offset: 0 }, 60_000, ctx), log.waitFor({ ...at, offset: 0 }, 60_000, ctx)]
      await log.append([{ topic: 't', records: [record('x')] }], NOW, ctx)
      assert.deepEqual(await Promise.all(waits), [true, true])
      assert.equal(await log.waitFor({ ...at, offset: 0 }, 60_000, ctx), true)
      const abort = new AbortController()
      const cancelled = log.waitFor({ ...at, offset: 1 }, 60_000, createCtx({ signal: abort.signal }))
      await log.offsets('t', ctx)
      abort.abort()
      await fails(cancelled, 'CANCELLED', 'cancelled')
      const last = log.waitFor({ ...at, offset: 1 }, 60_000, ctx)
      await log.offsets('t', ctx)
      await log.close()
      assert.equal(await last, false)
    })

    rule('EL13 retention drops old records from the front, never what a group still needs', async (log) => {
      await log.createTopic('t', { partitions: 1, retentionMs: 1000 }, ctx)
      for (let batch = 0; batch < 40; batch += 1) await log.append([{ topic: 't', records: Array.from({ length: 50 }, () => ({ key: 'k', value: new Uint8Array(100) })) }], NOW + batch * 100, ctx)
      await log.commit('slow', [{ topic: 't', partition: 0, offset: 0 }], ctx)
      assert.deepEqual(await log.enforceRetention(NOW + 1_000_000, ctx), { droppedRecords: 0 })
      if (log.capabilities.retention.age === 'by-engine') return
      await log.commit('slow', [{ topic: 't', partition: 0, offset: 2000 }], ctx)
      const { droppedRecords } = await log.enforceRetention(NOW + 3_500, ctx)
      const [{ start, end } = { start: -1, end: -1 }] = await log.offsets('t', ctx)
      assert.equal(start, droppedRecords)
      assert.equal(end, 2000)
      assert.ok(start <= 1300, 'what is within the retention stays')
      const [first] = await log.read({ topic: 't', partition: 0, offset: 0 }, ctx)
      assert.equal(first?.offset, start, 'an offset before the start reads from the start')
      const { droppedRecords: rest } = await log.enforceRetention(NOW + 1_000_000, ctx)
      assert.equal(start + rest, 2000)
      assert.deepEqual(await log.offsets('t', ctx), [{ topic: 't', partition: 0, start: 2000, end: 2000 }])
      const [next] = await log.append([{ topic: 't', records: [record('x')] }], NOW, ctx)
      assert.equal(next?.firstOffset, 2000, 'offsets are never given twice')
    })

    rule('EL52 a group whose needs do not count holds back no retention', async (log) => {
      if (log.capabilities.retention.age === 'by-engine') return
      await log.createTopic('t', { partitions: 1, retentionMs: 1000 }, ctx)
      for (let batch = 0; batch < 4; batch += 1) await log.append([{ topic: 't', records: Array.from({ length: 50 }, () => record('k')) }], NOW + batch * 100, ctx)
      for (const group of ['slow', 'guest.slow']) await log.commit(group, [{ topic: 't', partition: 0, offset: 0 }], ctx)
      const isOurs = (group: string): boolean => !group.startsWith('guest.')
      assert.deepEqual(await log.enforceRetention(NOW + 1_000_000, ctx, isOurs), { droppedRecords: 0 })
      await log.commit('slow', [{ topic: 't', partition: 0, offset: 200 }], ctx)
      assert.deepEqual(await log.enforceRetention(NOW + 1_000_000, ctx), { droppedRecords: 0 })
      assert.deepEqual(await log.enforceRetention(NOW + 1_000_000, ctx, isOurs), { droppedRecords: 200 })
    })

    rule('EL13 retention by bytes drops also what a group still needs', async (log) => {
      await log.createTopic('t', { partitions: 1, retentionBytes: 1 }, ctx)
      await log.append([{ topic: 't', records: Array.from({ length: 50 }, () => record('k')) }], NOW, ctx)
      await log.commit('slow', [{ topic: 't', partition: 0, offset: 0 }], ctx)
      if (log.capabilities.retention.bytes === 'by-engine') {
        assert.deepEqual(await log.enforceRetention(NOW, ctx), { droppedRecords: 0 })
        assert.deepEqual(await log.listTopics(ctx), [{ topic: 't', config: { partitions: 1, retentionBytes: 1 } }])
        return
      }
      assert.deepEqual(await log.enforceRetention(NOW, ctx), { droppedRecords: 50 })
      assert.deepEqual(await log.read({ topic: 't', partition: 0, offset: 0 }, ctx), [])
    })

    rule('EL14 what was resolved is there after closing and opening again', async (log, { reopen }) => {
      if (!reopen) return
      await log.createTopic('t', { partitions: 3, retentionMs: 5000 }, ctx)
      await log.createTopic('u', { partitions: 1 }, ctx)
      const records = Array.from({ length: 90 }, (_, index) => ({ key: `k${index}`, value: text(`v${index}`), ...(index % 7 === 0 ? { headers: { index: String(index) } } : {}) }))
      await log.append([{ topic: 't', records }], NOW, ctx)
      await log.commit('g', [{ topic: 't', partition: 2, offset: 4 }], ctx)
      await log.commit('h', [{ topic: 't', partition: 0, offset: 1 }], ctx)
      await log.forget('h', ['t'], ctx)
      const before = await everything(log)
      const again = await reopen()
      assert.deepEqual(await everything(again), before)
      assert.deepEqual(await again.listCommitted(() => true, ctx), [{ group: 'g', topic: 't', partition: 2, offset: 4 }])
      const end = (await again.offsets('t', ctx)).reduce((sum, partition) => sum + partition.end, 0)
      assert.equal(end, 90)
      await again.append([{ topic: 'u', records: [record('x')] }], NOW, ctx)
      assert.deepEqual(await again.findOffset({ topic: 'u', partition: 0, timestampMs: NOW }, ctx), 0)
    })

    commonRule('EL15 after close everything is refused; closing twice is closing once', async (log) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      const late = log.append([{ topic: 't', records: [record('x')] }], NOW, ctx)
      await Promise.all([log.close(), log.close()])
      assert.equal((await late)[0]?.count, 1, 'an append under way is finished')
      await fails(log.append([{ topic: 't', records: [record('x')] }], NOW, ctx), 'LOG_CLOSED', 'unavailable')
      await fails(log.listTopics(ctx), 'LOG_CLOSED', 'unavailable')
      await fails(log.ready(ctx), 'LOG_CLOSED', 'unavailable')
    })

    rule('EL15 after close nothing is read', async (log) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      await log.close()
      await fails(log.read({ topic: 't', partition: 0, offset: 0 }, ctx), 'LOG_CLOSED', 'unavailable')
    })

    commonRule('EL16 a call of a caller that has gone does nothing', async (log, readAll) => {
      await log.createTopic('t', { partitions: 1 }, ctx)
      const gone = createCtx({ signal: AbortSignal.abort() })
      await fails(log.append([{ topic: 't', records: [record('x')] }], NOW, gone), 'CANCELLED', 'cancelled')
      assert.deepEqual(await readAll('t'), [])
    })
  })
}

async function everything(log: EventLog): Promise<unknown> {
  const topics = await log.listTopics(ctx)
  return Promise.all(
    topics.map(async ({ topic, config }) => ({
      topic,
      config,
      partitions: await Promise.all((await log.offsets(topic, ctx)).map(async (offsets) => ({ offsets, records: plain(await log.read({ ...offsets, offset: 0 }, ctx)) }))),
    })),
  )
}

async function fails(work: Promise<unknown>, code: string, kind: ErrorKind): Promise<void> {
  await assert.rejects(work, (error: AppError) => error.code === code && error.kind === kind)
}

/** Values as arrays, so that Buffers and Uint8Arrays compare. */
function plain<T extends LogRecord>(records: T[]): (Omit<T, 'value'> & { value: number[] })[] {
  return records.map((found) => ({ ...found, value: [...found.value] }))
}

function rememberHome(homes: Map<string, number>, key: string, partition: number): number {
  if (!homes.has(key)) homes.set(key, partition)
  return homes.get(key) as number
}

function record(key: string): LogRecord {
  return { key, value: text('{}') }
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function toBlock(keys: string[], values: string[]): RecordBlock {
  const sizes = (texts: string[]): Uint32Array => Uint32Array.from(texts, (one) => Buffer.byteLength(one))
  return { keys: Buffer.from(keys.join('')), keyBytes: sizes(keys), values: Buffer.from(values.join('')), valueBytes: sizes(values) }
}
