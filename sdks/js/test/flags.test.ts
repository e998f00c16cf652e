// Flags and reading, against a scripted platform.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accepted, events, open, type Scripted } from './scripted-collector.ts'

test('JS7 using a value is the exposure, once for each flag, variant and unit', async () => {
  const { rondo, sent, time } = open((request) => (request.url.includes('/ofrep/') ? { status: 200, body: { key: 'shelf', value: { list: 'personal' }, reason: 'SPLIT', variant: 'personal', metadata: { rule: 'test-1' } } } : accepted(request)))
  for (let i = 0; i < 3; i += 1) assert.deepEqual(await rondo.flags.value('shelf', { list: 'popular' }, { targetingKey: 'u' }), { list: 'personal' })
  await rondo.flags.value('shelf', { list: 'popular' }, { targetingKey: 'v' })
  await time.advance(2000)
  const exposures = sent.filter((request) => request.url.endsWith('/v1/events')).flatMap(events)
  assert.deepEqual(exposures.map((event) => [event.type, event.userId, event.properties]), [
    ['flag-exposed', 'u', { flag: 'shelf', variant: 'personal', unit: 'u', rule: 'test-1' }],
    ['flag-exposed', 'v', { flag: 'shelf', variant: 'personal', unit: 'v', rule: 'test-1' }],
  ])
  assert.equal(sent[0]?.headers['authorization'], 'Bearer cs')
})

test('JS8 the default for an unknown flag, a code default, another type, and no answer; none is an exposure', async () => {
  for (const [answer, errorCode] of [
    [{ status: 404, body: { key: 'shelf', errorCode: 'FLAG_NOT_FOUND' } }, 'FLAG_NOT_FOUND'],
    [{ status: 200, body: { key: 'shelf', reason: 'DEFAULT', variant: '' } }, undefined],
    [{ status: 200, body: { key: 'shelf', value: 'text', reason: 'STATIC', variant: 'x', metadata: { rule: 'r' } } }, 'TYPE_MISMATCH'],
    [{ status: 500 }, 'HTTP_500'],
    ['down', 'UNREACHABLE'],
  ] as [Scripted, string | undefined][]) {
    const { rondo, time } = open(() => answer)
    const details = await rondo.flags.details('shelf', true, { targetingKey: 'u' })
    assert.deepEqual([details.value, details.errorCode, time.pending()], [true, errorCode, 0])
  }
})

test('JS9 prefetch answers later values without a call, and asks with its tag', async () => {
  const { rondo, sent } = open((request) =>
    request.headers['if-none-match'] === '"t"' ? { status: 304 } : { status: 200, headers: { etag: '"t"' }, body: { flags: [{ key: 'on', value: true, reason: 'STATIC', variant: 'on' }] } },
  )
  assert.equal(await rondo.flags.prefetch({ targetingKey: 'u' }), true)
  assert.equal(await rondo.flags.value('on', false, { targetingKey: 'u' }), true)
  assert.equal((await rondo.flags.details('off', 1, { targetingKey: 'u' })).errorCode, 'FLAG_NOT_FOUND')
  assert.equal(await rondo.flags.prefetch({ targetingKey: 'u' }), false)
  assert.equal(sent.length, 2)
})

test('JS10 fetchJson reads a path, or throws what the platform says', async () => {
  const { rondo } = open((request) => (request.url.endsWith('/yes') ? { status: 200, body: { week: '2026-09-21' } } : { status: 404, body: { code: 'USER_NOT_FOUND', detail: 'No such user.' } }))
  assert.deepEqual(await rondo.fetchJson('/yes'), { week: '2026-09-21' })
  await assert.rejects(rondo.fetchJson('/no'), { code: 'USER_NOT_FOUND', message: 'No such user.', status: 404 })
})
