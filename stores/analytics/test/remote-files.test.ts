// Files that lie elsewhere: the whole suite over them, and what is fetched, kept and dropped.
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import type { AppError } from '@rondo/errors'
import { createTempFolder } from '@rondo/testing'
import { testAnalytics } from '../src/conformance.ts'
import { openAnalytics, type Analytics, type AnalyticsOptions, type QueryOptions } from '../src/index.ts'
import { createFolderOfFiles, type CountedFiles } from './folder-of-files.ts'

const ctx = createCtx()

type Far = AsyncDisposable & { analytics: Analytics; files: CountedFiles; folder: string; cache: string; reopen(options?: AnalyticsOptions): Promise<Analytics>; cached(): Promise<string[]> }

async function openFar(options: AnalyticsOptions = {}): Promise<Far> {
  const temp = await createTempFolder()
  const [folder, cache] = [temp.join('far'), temp.join('cache')]
  await mkdir(folder)
  const files = createFolderOfFiles(folder)
  const open = (more: AnalyticsOptions = {}): Promise<Analytics> => openAnalytics('duckdb:', { remote: { files, folder: cache }, ...options, ...more })
  const far: Far = {
    analytics: await open(),
    files,
    folder,
    cache,
    async reopen(more) {
      await far.analytics.close()
      far.analytics = await open(more)
      return far.analytics
    },
    cached: async () => (await readdir(join(cache, '1'))).filter((name) => name !== 'lock').map((name) => name.slice(33)).sort(),
    async [Symbol.asyncDispose]() {
      await far.analytics.close()
      await temp[Symbol.asyncDispose]()
    },
  }
  return far
}

/** Writes `rows` numbers from `from` on as the far file `key`. */
async function make({ analytics, folder }: Far, key: string, from: number, rows = 10): Promise<string> {
  await mkdir(join(folder, key, '..'), { recursive: true })
  await analytics.writeParquet('SELECT n, md5(n::VARCHAR) AS text FROM range($from::BIGINT, $to::BIGINT) AS numbers(n)', join(folder, key), { params: { from, to: from + rows } }, ctx)
  return `far:${key}`
}

const sum = async (analytics: Analytics, files: string[]): Promise<unknown> => (await analytics.query('SELECT sum(n)::DOUBLE AS s FROM t', { tables: [{ name: 't', files }] }, ctx)).rows[0]?.['s']

testAnalytics('duckdb over files that lie elsewhere', async () => {
  const far = await openFar()
  const toFar = (options: QueryOptions): QueryOptions => ({ ...options, ...(options.tables === undefined ? {} : { tables: options.tables.map((table) => ({ ...table, files: table.files.map((file) => far.files.toLocation(file)) })) }) })
  const { analytics } = far
  return {
    analytics: {
      ...analytics,
      query: (sql, options, call) => analytics.query(sql, toFar(options), call),
      describe: (sql, options, call) => analytics.describe(sql, toFar(options), call),
      writeParquet: (sql, path, options, call) => analytics.writeParquet(sql, path, toFar(options), call),
    },
    folder: far.folder,
    dispose: async () => far[Symbol.asyncDispose](),
  }
})

test('AN21 a version is fetched once, also by queries at the same time, and by a later process', async () => {
  await using far = await openFar()
  const files = [await make(far, 'a.parquet', 0), await make(far, 'b.parquet', 10)]
  assert.deepEqual(await Promise.all([1, 2, 3, 4].map(() => sum(far.analytics, files))), [190, 190, 190, 190])
  assert.equal(far.files.asked.get, 2)
  assert.equal(await sum(await far.reopen(), files), 190)
  assert.equal(far.files.asked.get, 2)
  await make(far, 'a.parquet', 100)
  assert.equal(await sum(far.analytics, files), 1190)
  assert.equal(far.files.asked.get, 3)
})

test('AN21 files that lie side by side are looked up together, single ones alone', async () => {
  await using far = await openFar()
  const files: string[] = []
  for (const day of ['01', '02']) for (const hour of ['00', '01', '02', '03']) files.push(await make(far, `events/plays/day=${day}/hour=${hour}.parquet`, Number(hour)))
  const few = await make(far, 'one/more.parquet', 5)
  await sum(far.analytics, [...files, few])
  assert.deepEqual(far.files.asked, { find: 1, list: 1, get: 9 })
  await assert.rejects(sum(far.analytics, [...files, 'far:events/plays/day=01/hour=04.parquet']), { code: 'DATA_UNREADABLE' })
})

test('AN21 files with many others between them are found all the same', async () => {
  await using far = await openFar()
  const all = await Promise.all(Array.from({ length: 60 }, (_, index) => make(far, `a/b/${String(index).padStart(3, '0')}`, index, 1)))
  const wanted = all.filter((_, index) => [0, 1, 2, 3, 30, 31, 32, 58].includes(index))
  assert.equal(await sum(far.analytics, wanted), 157)
  assert.ok(far.files.asked.list + far.files.asked.find <= wanted.length)
})

test('AN21 a large file comes in pieces, and is refused when it was replaced between them', async () => {
  await using far = await openFar()
  const large = await make(far, 'large.parquet', 0, 600_000)
  const before = far.files.asked.get
  assert.equal(await sum(far.analytics, [large]), (600_000 * 599_999) / 2)
  assert.ok(far.files.asked.get - before > 1)
  const other = await make(far, 'other.parquet', 1, 600_000)
  const { get } = far.files
  far.files.get = async (key, options, call) => {
    const bytes = await get(key, options, call)
    if (options.range?.start === 0) await make(far, key, 2, 600_000)
    return bytes
  }
  await assert.rejects(sum(far.analytics, [other]), (error: AppError) => error.code === 'DATA_UNREADABLE' && error.message.includes('"far:other.parquet" was replaced'))
  far.files.get = get
  assert.equal(await sum(far.analytics, [other]), (600_000 * 599_999) / 2 + 2 * 600_000)
})

test('AN22 the longest unused files go when the room is needed; a query over more than all of it is SQL_TOO_LARGE', async () => {
  await using far = await openFar({ cacheMb: 1 })
  // About 350 KB each.
  const files = await Promise.all(['a', 'b', 'c', 'd'].map((name, index) => make(far, `${name}.parquet`, index * 20_000, 20_000)))
  for (const file of ['a', 'b', 'a', 'c', 'd']) await sum(far.analytics, [`far:${file}.parquet`])
  const cached = await far.cached()
  assert.ok(cached.length < 4 && cached.includes('d.parquet') && !cached.includes('b.parquet'), cached.join())
  await assert.rejects(sum(far.analytics, files), { code: 'SQL_TOO_LARGE', kind: 'too-large' })
})

test('AN22 two processes at one folder keep their own files, and half-fetched ones are swept', async () => {
  await using far = await openFar()
  const file = await make(far, 'a.parquet', 0)
  const second = await openAnalytics('duckdb:', { remote: { files: far.files, folder: far.cache } })
  assert.deepEqual([await sum(far.analytics, [file]), await sum(second, [file])], [45, 45])
  assert.equal(far.files.asked.get, 2)
  await second.close()
  await far.analytics.close()
  await writeFile(join(far.cache, '1', `${'0'.repeat(32)}-x.parquet.part`), 'half')
  assert.equal(await sum(await far.reopen(), [file]), 45)
  assert.deepEqual(await far.cached(), ['a.parquet'])
})

test('AN23 errors name the file as the caller does, and what was harmed is fetched anew', async () => {
  await using far = await openFar()
  await writeFile(join(far.folder, 'no.parquet'), 'no Parquet at all')
  await assert.rejects(sum(far.analytics, ['far:no.parquet']), (error: AppError) => error.code === 'DATA_UNREADABLE' && error.message.includes('far:no.parquet') && !error.message.includes(far.cache))
  await assert.rejects(sum(far.analytics, ['far:none.parquet']), (error: AppError) => error.code === 'DATA_UNREADABLE' && error.message.includes('"far:none.parquet"'))
  const file = await make(far, 'a.parquet', 0)
  assert.equal(await sum(far.analytics, [file]), 45)
  const [name] = (await readdir(join(far.cache, '1'))).filter((entry) => entry.endsWith('-a.parquet'))
  const path = join(far.cache, '1', name ?? '')
  for (const harm of [() => writeFile(path, Buffer.alloc(statSync(path).size)), () => rm(path)]) {
    await harm()
    await assert.rejects(sum(far.analytics, [file]), (error: AppError) => error.message.includes(file))
    assert.equal(await sum(far.analytics, [file]), 45)
  }
  await truncate(path, 20)
  assert.equal(await sum(await far.reopen(), [file]), 45)
})

test('AN23 what the store throws reaches the caller; a caller who leaves, and the deadline, end the waiting but not the fetch', async () => {
  await using far = await openFar()
  const file = await make(far, 'a.parquet', 0)
  const { get } = far.files
  far.files.get = () => Promise.reject(Object.assign(new Error('away'), { code: 'X' }))
  await assert.rejects(sum(far.analytics, [file]), { code: 'DATA_UNREADABLE' })
  let release = (): void => undefined
  far.files.get = async (key, options, call) => {
    await new Promise<void>((done) => (release = done))
    return get(key, options, call)
  }
  const tables = [{ name: 't', files: [file] }]
  const leaving = new AbortController()
  const left = far.analytics.query('SELECT sum(n) FROM t', { tables }, createCtx({ signal: leaving.signal }))
  setImmediate(() => leaving.abort())
  await assert.rejects(left, { code: 'CANCELLED' })
  await assert.rejects(far.analytics.query('SELECT sum(n) FROM t', { tables, timeoutMs: 20 }, ctx), { code: 'SQL_TIMEOUT' })
  release()
  assert.equal(await sum(far.analytics, [file]), 45)
  assert.equal(far.files.asked.get, 1)
})

test('AN15 kept to its folders, the engine reads what was fetched and nothing beside', async () => {
  await using far = await openFar()
  const file = await make(far, 'a.parquet', 0)
  await far.reopen({ folders: [join(far.cache, 'staging')] })
  assert.equal(await sum(far.analytics, [file]), 45)
  await assert.rejects(sum(far.analytics, [join(far.folder, 'a.parquet')]), { code: 'SQL_REFUSED' })
  assert.equal((await readFile(join(far.folder, 'a.parquet'))).byteLength > 0, true)
})
