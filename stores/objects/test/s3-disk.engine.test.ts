// An S3 whose disk is full: what is put is refused, what is there stays, and nothing is left behind.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { engineUrl, smallDiskSkip, startEngine } from '@rondo/tools/engines'
import { PART_BYTES } from '../src/s3/write-object.ts'
import { below, ctx, openS3, text } from './open-s3.ts'

const { skip } = engineUrl('s3')
const DISK_BYTES = 64 * 2 ** 20
const LARGE = Buffer.alloc(2 * PART_BYTES + 1, 7)

describe('s3 on a full disk', { skip: skip === false ? smallDiskSkip() : skip }, () => {
  it('OB30 puts of every kind are STORAGE_FULL and change nothing; reading goes on, and so does writing once there is space', async () => {
    await using engine = await startEngine('s3', { dataBytes: DISK_BYTES })
    const objects = await openS3(below(engine.url))
    const refused = (work: Promise<unknown>): Promise<void> => assert.rejects(work, { code: 'STORAGE_FULL', kind: 'storage-full' })
    const list = async (): Promise<string[]> => (await objects.list('', {}, ctx)).map(({ key }) => key)
    await objects.put('kept', text('before'), {}, ctx)
    // Room for the first of three parts.
    await engine.fillDisk(PART_BYTES + 2 ** 20)
    await refused(objects.put('large', LARGE, {}, ctx))
    // The parts that found room are given back: there is room for as much as before.
    await objects.put('again', LARGE.subarray(0, PART_BYTES), {}, ctx)
    await engine.fillDisk()
    const small = Buffer.alloc(100_000, 1)
    await refused(objects.put('kept', small, {}, ctx))
    await refused(objects.put('claim', small, { ifAbsent: true }, ctx))
    const stage = await objects.stage('landed/part-0.parquet', ctx)
    await writeFile(stage.path, small)
    await refused(stage.publish())
    await objects.ready(ctx)
    assert.deepEqual(await list(), ['again', 'kept'])
    assert.equal(Buffer.from(await objects.get('kept', {}, ctx)).toString(), 'before')
    await engine.kill()
    await engine.clearDisk()
    await engine.start()
    assert.deepEqual(await list(), ['again', 'kept'])
    assert.equal(await objects.put('claim', small, { ifAbsent: true }, ctx), true)
    assert.equal(await objects.put('large', LARGE, {}, ctx), true)
    assert.ok(LARGE.equals(await objects.get('large', {}, ctx)))
    await objects.close()
  })
})
