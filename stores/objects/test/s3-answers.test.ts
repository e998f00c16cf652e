// What the driver makes of answers: those that pass, those that stay, and those that are no answers at all. Needs no engine.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { crc32 } from 'node:zlib'
import { ctx, openS3, text } from './open-s3.ts'
import { createS3Stub, toErrorBody, type Answer } from './s3-stub.ts'

/** The first answers, then the last for ever, of requests of the object `key`. */
function inTurn(key: string, ...answers: Answer[]): (method: string, path: string) => Answer | undefined {
  return (_, path) => (path.startsWith(`/bucket/${key}?`) ? (answers.length > 1 ? answers.shift() : answers[0]) : undefined)
}

function checksumOf(bytes: Uint8Array): string {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(bytes))
  return checksum.toString('base64')
}

it('OB17 an S3 that ignores conditions is refused at open, with why', async () => {
  await using stub = await createS3Stub((_, path) => (path.includes('.rondo-probe') ? { status: 200 } : undefined))
  await assert.rejects(openS3(stub.url), { code: 'OBJECTS_TOO_OLD', kind: 'unavailable' })
})

for (const [code, status, expected] of [
  ['SignatureDoesNotMatch', 403, 'LOGIN_REFUSED'],
  ['InvalidAccessKeyId', 403, 'LOGIN_REFUSED'],
  ['AccessDenied', 403, 'LOGIN_REFUSED'],
  ['NoSuchBucket', 404, 'BUCKET_MISSING'],
  ['PermanentRedirect', 301, 'WRONG_REGION'],
  ['AuthorizationHeaderMalformed', 400, 'WRONG_REGION'],
] as const) {
  it(`OB17 ${code} at open is ${expected}, at once, with the address and without the secret`, async () => {
    await using stub = await createS3Stub(() => ({ status, body: toErrorBody(code) }))
    await assert.rejects(openS3(stub.url), (error: Error & { code: string; help: string }) => error.code === expected && error.message.includes('key:…@127.0.0.1') && !error.message.includes('secret') && error.help !== undefined)
  })
}

it('OB17 a server that speaks something else is told by its answer', async () => {
  await using stub = await createS3Stub(() => ({ status: 400, headers: { 'content-type': 'text/html' }, body: '<html><body>It works!</body>' }))
  await assert.rejects(openS3(stub.url), { code: 'OBJECTS_IO_FAILED' })
})

it('OB20 what passes is tried again: busy, broken inside, too soon, in conflict', async () => {
  const answers = [503, 500, 429, 409].map((status): Answer => ({ status, body: toErrorBody(status === 409 ? 'ConditionalRequestConflict' : 'SlowDown') }))
  await using stub = await createS3Stub(inTurn('a', ...answers, { status: 200 }))
  const objects = await openS3(stub.url)
  assert.equal(await objects.put('a', text('x'), { ifAbsent: true }, ctx), true)
  assert.equal(stub.asked.length, 5)
  await objects.close()
})

it('OB20 what stays is not tried again', async () => {
  await using stub = await createS3Stub(inTurn('a', { status: 403, body: toErrorBody('AccessDenied') }))
  const objects = await openS3(stub.url)
  await assert.rejects(objects.put('a', text('x'), {}, ctx), { code: 'LOGIN_REFUSED' })
  assert.equal(stub.asked.length, 1)
  await objects.close()
})

it('OB20 no call is tried for ever, and a caller who leaves ends the tries', async () => {
  const leaving = new AbortController()
  await using stub = await createS3Stub((_, path) => {
    if (path.startsWith('/bucket/b')) leaving.abort()
    return /^\/bucket\/[ab]/.test(path) ? { status: 503, body: toErrorBody('SlowDown') } : undefined
  })
  const objects = await openS3(stub.url, { tries: 3 })
  await assert.rejects(objects.get('a', {}, ctx), { code: 'OBJECTS_IO_FAILED', kind: 'unavailable' })
  assert.equal(stub.asked.length, 3)
  await assert.rejects(objects.get('b', {}, { ...ctx, signal: leaving.signal }), { code: 'CANCELLED' })
  assert.equal(stub.asked.length, 4)
  await objects.close()
})

it('OB21 bytes that arrive damaged or not all are read again, and given up when they stay so', async () => {
  const good = Buffer.from('as it was written')
  const headers = { 'x-amz-checksum-crc32': checksumOf(good) }
  const damaged = { status: 200, headers, body: 'As it was written' }
  await using stub = await createS3Stub((method, path) => inGet(method, path))
  const inA = inTurn('a', damaged, { status: 200, headers, body: good.subarray(0, 5), cut: true }, { status: 200, headers, body: good })
  const inGet = (method: string, path: string): Answer | undefined => inA(method, path) ?? (path.startsWith('/bucket/b') ? damaged : undefined)
  const objects = await openS3(stub.url, { tries: 4 })
  assert.equal(Buffer.from(await objects.get('a', {}, ctx)).toString(), good.toString())
  assert.equal(stub.asked.length, 3)
  await assert.rejects(objects.get('b', {}, ctx), (error: Error & { code: string }) => error.code === 'OBJECTS_IO_FAILED' && /checksum/i.test(error.message))
  await objects.close()
})

it('OB13 a full bucket is told so', async () => {
  await using stub = await createS3Stub(inTurn('a', { status: 507, body: toErrorBody('XMinioStorageFull') }))
  const objects = await openS3(stub.url)
  await assert.rejects(objects.put('a', text('x'), {}, ctx), { code: 'STORAGE_FULL', kind: 'storage-full' })
  await objects.close()
})
