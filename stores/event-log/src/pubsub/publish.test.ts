// Appends as requests: of one key, of a size that Pub/Sub takes, one after the other within a key.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createCtx } from '@rondo/context'
import type { LogRecord } from '../port.ts'
import { checkMessages } from './message.ts'
import { createPublish } from './publish.ts'

const ctx = createCtx()

type Request = { topic: string; keys: Set<string>; values: string[]; sizeBytes: number }

function readRequest(topic: string, messages: { data?: Uint8Array | string | null; orderingKey?: string | null }[]): Request {
  return { topic, keys: new Set(messages.map(({ orderingKey }) => orderingKey ?? '')), values: messages.map(({ data }) => Buffer.from(data ?? '').toString()), sizeBytes: messages.reduce((sum, { data }) => sum + (data?.length ?? 0), 0) }
}

it('EF12 a request holds one key, at most 1,000 records and so many bytes', async () => {
  const sent: Request[] = []
  const publish = createPublish(async (topic, messages) => void sent.push(readRequest(topic, messages)), 100_000)
  const many: LogRecord[] = Array.from({ length: 2_500 }, (_, index) => ({ key: '', value: Buffer.from(String(index)) }))
  const large: LogRecord[] = Array.from({ length: 5 }, () => ({ key: 'large', value: Buffer.alloc(40_000) }))
  await publish('t', [...many, ...large, { key: 'a', value: Buffer.from('a') }], 1, ctx)
  for (const { keys, values, sizeBytes } of sent) assert.ok(keys.size === 1 && values.length <= 1_000 && sizeBytes <= 100_000)
  assert.deepEqual(sent.filter(({ keys }) => keys.has('large')).map(({ values }) => values.length), [2, 2, 1])
  assert.deepEqual(sent.filter(({ keys }) => keys.has('')).flatMap(({ values }) => values).sort(), many.map((_, index) => String(index)).sort())
})

const LONG = '.'.repeat(200)

it('EF12 of one key one request is under way, over calls; who waits shares the next; after one that failed the rest of its call stays away, and other calls go on', async () => {
  const waiting: { values: string[]; answer: PromiseWithResolvers<void> }[] = []
  const publish = createPublish(async (topic, messages) => {
    const answer = Promise.withResolvers<void>()
    waiting.push({ values: readRequest(topic, messages).values.map((value) => value.replace(LONG, '')), answer })
    await answer.promise
  }, 400)
  const append = (key: string, ...values: string[]): Promise<void> => publish('t', values.map((value) => ({ key, value: Buffer.from(value) })), 1, ctx)
  const [first, second, third, other] = [append('k', LONG + '1', LONG + '2'), append('k', '3'), append('k', '5'), append('l', '4')]
  const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))
  await turn()
  assert.deepEqual(waiting.map(({ values }) => values), [['1'], ['4']])
  waiting[0]?.answer.reject(new Error('no'))
  await assert.rejects(first, /no/)
  await turn()
  assert.deepEqual(waiting.map(({ values }) => values), [['1'], ['4'], ['3', '5']])
  for (const { answer } of waiting) answer.resolve()
  await Promise.all([second, third, other])
})

it('EF12 keys and headers that a message cannot hold are refused by name', () => {
  const value = Buffer.from('x')
  for (const [record, code] of [
    [{ key: 'ä'.repeat(513), value }, 'RECORD_KEY_TOO_LARGE'],
    [{ key: '', value, headers: { googleplus: '' } }, 'BAD_RECORD_HEADER'],
    [{ key: '', value, headers: { 'rondo-timestamp-ms': '1' } }, 'BAD_RECORD_HEADER'],
    [{ key: '', value, headers: { ['n'.repeat(257)]: '1' } }, 'BAD_RECORD_HEADER'],
    [{ key: '', value, headers: { n: 'x'.repeat(1025) } }, 'BAD_RECORD_HEADER'],
    [{ key: '', value, headers: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`n${index}`, ''])) }, 'BAD_RECORD_HEADER'],
  ] as const) {
    assert.throws(() => checkMessages('t', [record]), { code })
  }
  checkMessages('t', [{ key: 'ä'.repeat(512), value, headers: { n: 'x'.repeat(1024) } }])
})
