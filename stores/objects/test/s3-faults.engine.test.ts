// The engine dies, is slow, or does what it was asked and cannot say so: what was told holds, and is done once.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { createFaultProxy, type FaultProxy } from '@rondo/testing'
import { engineUrl, startEngine, type StartedEngine } from '@rondo/tools/engines'
import { PART_BYTES } from '../src/s3/write-object.ts'
import { below, ctx, openS3, text } from './open-s3.ts'

const { skip } = engineUrl('s3')
const LARGE = Buffer.alloc(2 * PART_BYTES + 1, 7)

describe('s3 faults', { skip }, () => {
  let engine: StartedEngine
  let proxy: FaultProxy
  before(async () => {
    engine = await startEngine('s3')
    proxy = await createFaultProxy(engine.proxy)
  })
  after(async () => {
    await proxy[Symbol.asyncDispose]()
    await engine[Symbol.asyncDispose]()
  })

  const asks =
    (method: string, path: string) =>
    (bytes: Buffer): boolean => {
      const line = bytes.toString('latin1', 0, bytes.indexOf('\r\n'))
      return line.startsWith(`${method} `) && line.includes(path)
    }

  it('OB19 a conditional put whose answer was lost knows that it was the one', async () => {
    const objects = await openS3(below(engine.urlAt(proxy.port)))
    const lost = proxy.loseAnswer({ request: asks('PUT', '/claim.json') })
    assert.equal(await objects.put('claim.json', text('ours'), { ifAbsent: true }, ctx), true)
    await lost
    assert.equal(await objects.put('claim.json', text('late'), { ifAbsent: true }, ctx), false)
    assert.equal(Buffer.from(await objects.get('claim.json', {}, ctx)).toString(), 'ours')
    await objects.close()
  })

  it('OB19 a conditional put whose refusal was lost knows that it was not, also with equal bytes', async () => {
    const address = below(engine.url)
    const [other, objects] = [await openS3(address), await openS3(address.replace(`:${engine.proxy.targetPort}`, `:${proxy.port}`))]
    assert.equal(await other.put('claim.json', text('same'), { ifAbsent: true }, ctx), true)
    const lost = proxy.loseAnswer({ request: asks('PUT', '/claim.json') })
    assert.equal(await objects.put('claim.json', text('same'), { ifAbsent: true }, ctx), false)
    await lost
    await Promise.all([other.close(), objects.close()])
  })

  for (const ifAbsent of [false, true]) {
    it(`OB19 a large object ${ifAbsent ? 'put if absent ' : ''}is there once when the answer to its last request was lost`, async () => {
      const objects = await openS3(below(engine.urlAt(proxy.port)))
      const lost = proxy.loseAnswer({ request: (bytes) => asks('POST', '/large')(bytes) && !asks('POST', 'uploads')(bytes) })
      assert.equal(await objects.put('large', LARGE, { ifAbsent }, ctx), true)
      await lost
      assert.ok(LARGE.equals(await objects.get('large', {}, ctx)))
      await objects.close()
    })
  }

  it('OB19 puts, deletes, lists and staged files whose answers were lost are done, and told to be', async () => {
    const objects = await openS3(below(engine.urlAt(proxy.port)))
    const lostPut = proxy.loseAnswer({ request: asks('PUT', '/a') })
    assert.equal(await objects.put('a', text('x'), {}, ctx), true)
    await lostPut
    const lostList = proxy.loseAnswer({ request: asks('GET', 'list-type=2') })
    assert.deepEqual((await objects.list('', {}, ctx)).map(({ key }) => key), ['a'])
    await lostList
    const lostDelete = proxy.loseAnswer({ request: asks('DELETE', '/a') })
    await objects.delete('a', ctx)
    await lostDelete
    assert.equal(await objects.find('a', ctx), undefined)
    const stage = await objects.stage('landed/part-0.parquet', ctx)
    await writeFile(stage.path, 'columns')
    const lostStaged = proxy.loseAnswer({ request: asks('PUT', '/part-0.parquet') })
    assert.equal((await stage.publish()).sizeBytes, 7)
    await lostStaged
    await objects.close()
  })

  it('OB20 an engine that is killed in the middle of a batch and comes back has all that was told, and the rest arrives', async () => {
    const address = below(engine.url)
    const objects = await openS3(address, { wait: undefined, tries: 20 })
    const keys = Array.from({ length: 300 }, (_, index) => `batch/${index}`)
    const told: string[] = []
    let killed: Promise<void> | undefined
    const puts = keys.map(async (key) => {
      assert.equal(await objects.put(key, text(key), { ifAbsent: true }, ctx), true, key)
      told.push(key)
      if (told.length === 50) killed = engine.kill()
    })
    const all = Promise.allSettled(puts)
    while (killed === undefined) await new Promise(setImmediate)
    await killed
    await assert.rejects(objects.ready(ctx), { code: 'OBJECTS_UNREACHABLE', kind: 'unavailable' })
    await engine.start()
    assert.deepEqual((await all).filter(({ status }) => status === 'rejected'), [])
    await objects.ready(ctx)
    assert.deepEqual((await objects.list('batch/', {}, ctx)).map(({ key }) => key), keys.toSorted())
    for (const key of told) assert.equal(Buffer.from(await objects.get(key, {}, ctx)).toString(), key)
    await objects.close()
  })

  it('OB20 an engine that stays away makes a call fail with its address, and nothing hangs', async () => {
    const objects = await openS3(below(engine.urlAt(proxy.port)), { tries: 4 })
    proxy.close()
    const calls = [() => objects.put('a', text('x'), {}, ctx), () => objects.get('a', {}, ctx), () => objects.find('a', ctx), () => objects.list('', {}, ctx), () => objects.delete('a', ctx)]
    for (const call of calls) {
      await assert.rejects(call(), ({ code, message }: Error & { code: string }) => code === 'OBJECTS_UNREACHABLE' && message.includes(`127.0.0.1:${proxy.port}`) && !message.includes('secret'))
    }
    proxy.open()
    assert.equal(await objects.put('a', text('x'), { ifAbsent: true }, ctx), true)
    await objects.close()
  })

  it('OB20 a slow engine is waited for, and a caller who leaves does not wait', async () => {
    const objects = await openS3(below(engine.urlAt(proxy.port)))
    proxy.setDelayMs(30)
    assert.equal(await objects.put('slow', LARGE, {}, ctx), true)
    assert.equal((await objects.get('slow', {}, ctx)).byteLength, LARGE.byteLength)
    const leaving = new AbortController()
    const got = objects.get('slow', {}, { ...ctx, signal: leaving.signal })
    setImmediate(() => leaving.abort())
    await assert.rejects(got, { code: 'CANCELLED' })
    proxy.setDelayMs(0)
    await objects.close()
  })

  it('OB20 an engine that holds its connections and says nothing is given up, and tried again', async () => {
    const objects = await openS3(below(engine.url), { silentMs: 300 })
    engine.pause()
    // A signal needs a moment to reach every thread.
    while (await objects.ready(ctx).then(() => true, () => false));
    const put = objects.put('patient', text('x'), { ifAbsent: true }, ctx)
    await assert.rejects(objects.ready(ctx), { code: 'OBJECTS_UNREACHABLE' })
    engine.resume()
    assert.equal(await put, true)
    await objects.close()
  })
})
