// The rules of SPEC.md as tests, for every driver: `testObjects('file', openIt)` in a driver's test file.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { createCtx } from '@rondo/context'
import type { AppError, ErrorKind } from '@rondo/errors'
import type { Objects } from './port.ts'

/** A store that nobody else uses. `writeStaged` puts bytes where an engine would; `reopen` closes it and opens the same data again. */
export type ObjectsUnderTest = AsyncDisposable & { objects: Objects; reopen?: () => Promise<Objects>; writeStaged?: (path: string, bytes: Uint8Array) => Promise<void> }

const ctx = createCtx()

export function testObjects(name: string, open: () => Promise<ObjectsUnderTest>): void {
  const rule = (title: string, body: (objects: Objects, under: ObjectsUnderTest) => Promise<void>): void => {
    it(title, async () => {
      await using under = await open()
      await body(under.objects, under)
    })
  }

  describe(`objects: ${name}`, () => {
    rule('OB1 what was put is what is got, whole', async (objects) => {
      const large = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251)
      assert.equal(await objects.put('events/track-played/2026-09-21T09/part-0.parquet', large, {}, ctx), true)
      assert.equal(await objects.put('empty', new Uint8Array(0), {}, ctx), true)
      assert.deepEqual(bytesOf(await objects.get('events/track-played/2026-09-21T09/part-0.parquet', {}, ctx)), bytesOf(large))
      assert.equal((await objects.get('empty', {}, ctx)).byteLength, 0)
    })

    rule('OB1 putting again replaces; an absent object is told from an empty one', async (objects) => {
      await objects.put('a/b', text('one'), {}, ctx)
      await objects.put('a/b', text('two, longer'), {}, ctx)
      await objects.put('a/b', text('3'), {}, ctx)
      assert.equal(toText(await objects.get('a/b', {}, ctx)), '3')
      await fails(objects.get('a/c', {}, ctx), 'OBJECT_NOT_FOUND', 'not-found')
      await fails(objects.get('a', {}, ctx), 'OBJECT_NOT_FOUND', 'not-found')
      await fails(objects.get('a/b/c', {}, ctx), 'OBJECT_NOT_FOUND', 'not-found')
    })

    rule('OB2 ifAbsent writes once, whoever else tries at the same time', async (objects) => {
      const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => objects.put('claim/manifest.json', text(`writer ${index}`), { ifAbsent: true }, ctx)))
      assert.equal(outcomes.filter(Boolean).length, 1)
      assert.equal(toText(await objects.get('claim/manifest.json', {}, ctx)), `writer ${outcomes.indexOf(true)}`)
      assert.equal(await objects.put('claim/manifest.json', text('late'), { ifAbsent: true }, ctx), false)
      await objects.delete('claim/manifest.json', ctx)
      assert.equal(await objects.put('claim/manifest.json', text('again'), { ifAbsent: true }, ctx), true)
    })

    for (const key of ['', '/', 'a/', '/a', 'a//b', '.', '..', '../a', 'a/../b', 'a/./b', 'a b', 'a\\b', 'ä', 'a\0', 'a%2fb', 'a*', `a/${'x'.repeat(201)}`, 'x/'.repeat(500) + 'x']) {
      rule(`OB3 the key ${JSON.stringify(key.slice(0, 12))} is refused everywhere`, async (objects) => {
        await fails(objects.put(key, text('x'), {}, ctx), 'BAD_KEY', 'invalid')
        await fails(objects.get(key, {}, ctx), 'BAD_KEY', 'invalid')
        await fails(objects.find(key, ctx), 'BAD_KEY', 'invalid')
        await fails(objects.delete(key, ctx), 'BAD_KEY', 'invalid')
        await fails(objects.stage(key, ctx), 'BAD_KEY', 'invalid')
        assert.throws(() => objects.locate(key), (error: AppError) => error.code === 'BAD_KEY')
      })
    }

    rule('OB4 a range is half-open and cut at the end', async (objects) => {
      await objects.put('k', text('0123456789'), {}, ctx)
      const part = async (start: number, end: number): Promise<string> => toText(await objects.get('k', { range: { start, end } }, ctx))
      assert.deepEqual([await part(0, 4), await part(3, 5), await part(8, 100), await part(4, 4), await part(50, 60)], ['0123', '34', '89', '', ''])
      await fails(objects.get('k', { range: { start: 5, end: 4 } }, ctx), 'BAD_RANGE', 'invalid')
      await fails(objects.get('k', { range: { start: -1, end: 4 } }, ctx), 'BAD_RANGE', 'invalid')
    })

    rule('OB5 find tells size and time, and nothing of a folder', async (objects) => {
      const beforeMs = Date.now()
      await objects.put('a/b', text('12345'), {}, ctx)
      const info = await objects.find('a/b', ctx)
      assert.equal(info?.sizeBytes, 5)
      assert.ok(Math.abs((info?.modifiedMs ?? 0) - beforeMs) < 60_000)
      assert.equal(await objects.find('a', ctx), undefined)
      assert.equal(await objects.find('a/b/c', ctx), undefined)
    })

    rule('OB5 the version is another one when other bytes were put, and the same in a list', async (objects) => {
      const versions: (string | undefined)[] = []
      for (const bytes of ['one', 'two', 'three']) {
        await objects.put('a/b', text(bytes), {}, ctx)
        const info = await objects.find('a/b', ctx)
        assert.deepEqual(await objects.list('a/', {}, ctx), [info])
        versions.push(info?.version)
      }
      assert.equal(new Set(versions).size, 3)
      assert.ok(versions.every(Boolean))
    })

    rule('OB6 list is in key order, by prefix of characters, in pages', async (objects) => {
      const keys = ['a', 'b-1', 'b.txt', 'b/1', 'b/10', 'b/2', 'b/c/d', 'b/c=1/e', 'b0', 'c', 'B/x', '_x/y']
      for (const key of keys) await objects.put(key, text(key), {}, ctx)
      const sorted = keys.toSorted((a, b) => (a < b ? -1 : 1))
      const list = async (prefix: string, options = {}): Promise<string[]> => (await objects.list(prefix, options, ctx)).map(({ key }) => key)
      assert.deepEqual(await list(''), sorted)
      for (const prefix of ['b', 'b/', 'b/1', 'b/c', 'b/c/', 'b/c=1/e', 'zzz', 'zzz/y', '_', 'a/']) {
        assert.deepEqual(await list(prefix), sorted.filter((key) => key.startsWith(prefix)), prefix)
      }
      for (const limit of [1, 3, 5]) {
        const pages: string[] = []
        for (let after = ''; ; ) {
          const page = await list('', { after, limit })
          if (page.length === 0) break
          assert.ok(page.length <= limit)
          pages.push(...page)
          after = page.at(-1) ?? ''
        }
        assert.deepEqual(pages, sorted)
      }
      assert.deepEqual(await list('b/', { after: 'b/1' }), ['b/10', 'b/2', 'b/c/d', 'b/c=1/e'])
      assert.deepEqual(await list('b/', { after: 'b/5' }), ['b/c/d', 'b/c=1/e'])
      assert.equal((await objects.list('b/2', {}, ctx))[0]?.sizeBytes, 3)
      await fails(objects.list('../', {}, ctx), 'BAD_KEY', 'invalid')
      await fails(objects.list('', { limit: 0 }, ctx), 'BAD_LIMIT', 'invalid')
    })

    rule('OB7 delete removes; deleting what is not there is done already', async (objects) => {
      await objects.put('a/b', text('x'), {}, ctx)
      await objects.put('a/c', text('y'), {}, ctx)
      await objects.delete('a/b', ctx)
      await objects.delete('a/b', ctx)
      await objects.delete('nothing/here', ctx)
      assert.equal(await objects.find('a/b', ctx), undefined)
      assert.deepEqual((await objects.list('', {}, ctx)).map(({ key }) => key), ['a/c'])
      await objects.put('a/b', text('again'), {}, ctx)
      assert.equal(toText(await objects.get('a/b', {}, ctx)), 'again')
    })

    rule('OB8 a staged file is no object before it is published, and none when it is discarded', async (objects, { writeStaged = writeFile }) => {
      const stage = await objects.stage('out/day=1/part.parquet', ctx)
      assert.ok(stage.path.endsWith('.parquet'))
      await writeStaged(stage.path, text('columns'))
      assert.deepEqual(await objects.list('', {}, ctx), [])
      const info = await stage.publish()
      assert.deepEqual({ key: info.key, sizeBytes: info.sizeBytes }, { key: 'out/day=1/part.parquet', sizeBytes: 7 })
      assert.equal(toText(await objects.get('out/day=1/part.parquet', {}, ctx)), 'columns')
      await fails(stage.publish(), 'STAGE_ENDED', 'conflict')

      const dropped = await objects.stage('out/other', ctx)
      await writeStaged(dropped.path, text('x'))
      await dropped.discard()
      await dropped.discard()
      await fails(dropped.publish(), 'STAGE_ENDED', 'conflict')
      await fails((await objects.stage('out/never-written', ctx)).publish(), 'STAGE_EMPTY', 'invalid')
      const replacing = await objects.stage('out/day=1/part.parquet', ctx)
      await writeStaged(replacing.path, text('new'))
      await replacing.publish()
      assert.deepEqual((await objects.list('', {}, ctx)).map(({ key, sizeBytes }) => [key, sizeBytes]), [['out/day=1/part.parquet', 3]])
    })

    rule('OB18 a location leads back to its key, and no other location does', async (objects) => {
      for (const key of ['a', 'events/track-played/day=2026-09-21/hour=09-0-0-12.parquet']) {
        assert.equal(objects.findKey(objects.locate(key)), key)
        assert.equal(new Set([objects.locate(key), objects.locate(`${key}x`)]).size, 2)
      }
      const other = objects.locate('a').slice(0, -1)
      for (const location of ['', 'a', '/etc/passwd', 's3://another/a', other, `${other}../a`, `${other}x/../a`, `${other}.rondo-staging/a`]) assert.equal(objects.findKey(location), undefined, location)
      assert.equal(objects.locate('a').includes('://'), !objects.capabilities.isLocal)
    })

    rule('OB9 many puts at once all arrive', async (objects) => {
      const keys = Array.from({ length: 200 }, (_, index) => `bulk/${index % 7}/${String(index).padStart(3, '0')}`)
      await Promise.all(keys.map((key) => objects.put(key, text(key), {}, ctx)))
      assert.deepEqual((await objects.list('bulk/', {}, ctx)).map(({ key }) => key), keys.toSorted())
      assert.deepEqual((await Promise.all(keys.map((key) => objects.get(key, {}, ctx)))).map(toText), keys)
    })

    rule('OB10 what was resolved is there after closing and opening again', async (objects, { reopen }) => {
      if (!reopen) return
      await objects.put('a/b', text('kept'), {}, ctx)
      const again = await reopen()
      assert.equal(toText(await again.get('a/b', {}, ctx)), 'kept')
      assert.equal((await again.list('', {}, ctx)).length, 1)
    })

    rule('OB11 after close, and for a caller that has gone, nothing is done', async (objects) => {
      await fails(objects.put('a', text('x'), {}, createCtx({ signal: AbortSignal.abort() })), 'CANCELLED', 'cancelled')
      assert.equal(await objects.find('a', ctx), undefined)
      await objects.close()
      await objects.close()
      await fails(objects.put('a', text('x'), {}, ctx), 'OBJECTS_CLOSED', 'unavailable')
      await fails(objects.ready(ctx), 'OBJECTS_CLOSED', 'unavailable')
    })
  })
}

async function fails(work: Promise<unknown>, code: string, kind: ErrorKind): Promise<void> {
  await assert.rejects(work, (error: AppError) => error.code === code && error.kind === kind)
}

function bytesOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes)
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString()
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}
