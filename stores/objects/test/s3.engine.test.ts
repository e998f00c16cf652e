// S3 keeps the rules of the store, also with many keys and large objects. Each test has a prefix of its own.
import assert from 'node:assert/strict'
import { mkdir, open, readdir, stat, writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { engineUrl } from '@rondo/tools/engines'
import { testObjects } from '../src/conformance.ts'
import { openObjects } from '../src/index.ts'
import { PART_BYTES } from '../src/s3/write-object.ts'
import { below, ctx, emptyPrefix, openBelow, openS3, text } from './open-s3.ts'

const { url, skip } = engineUrl('s3')
const MIB = 2 ** 20

describe('s3', { skip }, () => {
  testObjects('s3', async () => {
    const address = below(url)
    let objects = await openObjects(address)
    return {
      objects,
      async reopen() {
        await objects.close()
        objects = await openObjects(address)
        return objects
      },
      async [Symbol.asyncDispose]() {
        await objects.close()
        await emptyPrefix(address)
      },
    }
  })

  it('OB6 a list goes on behind the thousand keys that S3 gives at once', async () => {
    await using store = await openBelow(url)
    const { objects } = store
    const keys = Array.from({ length: 1_100 }, (_, index) => `many/${index % 3}/${String(index).padStart(5, '0')}`)
    await Promise.all(keys.map((key) => objects.put(key, text('x'), {}, ctx)))
    const sorted = keys.toSorted()
    assert.deepEqual((await objects.list('many/', { limit: 10_000 }, ctx)).map(({ key }) => key), sorted)
    assert.deepEqual((await objects.list('', { limit: 1_010, after: sorted[79] as string }, ctx)).map(({ key }) => key), sorted.slice(80, 1_090))
    assert.equal((await objects.list('many/', {}, ctx)).length, 1_000)
  })

  it('OB6 what lies beside, and what is no key, is not listed', async () => {
    await using store = await openBelow(url)
    await store.objects.put('a', text('x'), {}, ctx)
    const around = await openS3(store.address.replace(/objects-test-/, 'objects-test-x'))
    await around.put('b', text('x'), {}, ctx)
    assert.deepEqual((await store.objects.list('', {}, ctx)).map(({ key }) => key), ['a'])
    await around.delete('b', ctx)
    await around.close()
  })

  it('OB1 a large object goes in parts, and comes back whole and by ranges', async () => {
    await using store = await openBelow(url)
    const { objects } = store
    const bytes = Buffer.alloc(2 * PART_BYTES + 12_345)
    for (let at = 0; at + 4 <= bytes.byteLength; at += 4096) bytes.writeUInt32LE(at, at)
    assert.equal(await objects.put('large', bytes, {}, ctx), true)
    assert.equal((await objects.find('large', ctx))?.sizeBytes, bytes.byteLength)
    assert.ok(bytes.equals(await objects.get('large', {}, ctx)))
    const [start, end] = [PART_BYTES - 10, PART_BYTES + 10]
    assert.ok(bytes.subarray(start, end).equals(await objects.get('large', { range: { start, end } }, ctx)))
  })

  it('OB2 of large objects put at once if absent, one is written', async () => {
    await using store = await openBelow(url)
    const { objects } = store
    const outcomes = await Promise.all([1, 2, 3].map((fill) => objects.put('large', Buffer.alloc(17 * MIB, fill), { ifAbsent: true }, ctx)))
    assert.equal(outcomes.filter(Boolean).length, 1)
    assert.equal((await objects.get('large', { range: { start: 0, end: 1 } }, ctx))[0], outcomes.indexOf(true) + 1)
    assert.equal(await objects.put('large', Buffer.alloc(17 * MIB), { ifAbsent: true }, ctx), false)
  })

  it('OB14 a staged file of any size is uploaded with few parts in memory', async () => {
    await using store = await openBelow(url)
    const stage = await store.objects.stage('staged', ctx)
    const file = await open(stage.path, 'w')
    await file.truncate(200 * MIB)
    await file.close()
    const before = process.memoryUsage().arrayBuffers
    let peak = 0
    const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().arrayBuffers - before)), 5)
    const { sizeBytes } = await stage.publish()
    clearInterval(timer)
    assert.equal(sizeBytes, 200 * MIB)
    assert.ok(peak < 64 * MIB, `${Math.round(peak / MIB)} MiB were in memory`)
    await assert.rejects(stat(stage.path), { code: 'ENOENT' })
  })

  it('OB15 files staged by dead processes are swept at open, those of living ones are not', async () => {
    await using folder = await createTempFolder()
    await using store = await openBelow(url, { stagingFolder: folder.path })
    const stage = await store.objects.stage('a.parquet', ctx)
    await writeFile(stage.path, 'in the making')
    const dead = folder.join('.rondo-staging', 'p999999999.1.x~1')
    await mkdir(dead)
    await using second = await openBelow(url, { stagingFolder: folder.path })
    assert.equal((await readdir(folder.join('.rondo-staging'))).length, 2)
    await stage.publish()
    await second.objects.close()
    assert.equal(Buffer.from(await store.objects.get('a.parquet', {}, ctx)).toString(), 'in the making')
  })
})
