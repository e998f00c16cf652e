// What a customer installs, used as customers do: by Node, by TypeScript, by a page's bundler.
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { createTempFolder, type TempFolder } from '@rondo/testing'
import type { WireEvent } from '../src/index.ts'
import { bundleForPage } from '../packaging/bundle-for-page.ts'
import { installPackage } from './installed-package.ts'

const run = promisify(execFile)
const TSC = join(import.meta.dirname, '../../../node_modules/typescript/bin/tsc')
const TYPES = join(import.meta.dirname, '../../../node_modules/@types')
const LIMIT_BYTES = 4096

let folder: TempFolder
let program: string

before(async () => {
  folder = await createTempFolder()
  program = await installPackage(folder.path)
})
after(() => folder?.[Symbol.asyncDispose]())

/** One of each version from 20 on that this machine has, this one among them. */
function listNodes(): { version: string; path: string }[] {
  const paths = [process.execPath, ...(process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, 'node'))]
  const found = new Map<string, string>()
  for (const path of paths) {
    if (!existsSync(path)) continue
    const version = spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? ''
    if (Number(/^v(\d+)\./.exec(version)?.[1]) >= 20 && !found.has(version)) found.set(version, path)
  }
  return [...found].map(([version, path]) => ({ version, path }))
}

test('JS30 the package needs no other, holds what is built and no TypeScript source, and runs in Node from version 20 on', { timeout: 60_000 }, async (t) => {
  assert.deepEqual(await readdir(join(program, 'node_modules')).then((names) => names.filter((name) => !name.startsWith('.'))), ['@rondo'])
  const files = await readdir(join(program, 'node_modules/@rondo/js'), { recursive: true })
  assert.deepEqual(files.filter((name) => /\.ts$/.test(name) && !name.endsWith('.d.ts')), [])
  for (const name of ['README.md', 'LICENSE', 'index.js', 'index.js.map', 'index.d.ts', 'browser.min.js']) assert.ok(files.includes(name), name)
  const got: WireEvent[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const events = JSON.parse(Buffer.concat(chunks).toString()) as WireEvent[]
      got.push(...events)
      response.writeHead(202).end(JSON.stringify({ results: events.map(({ id }) => ({ id, status: 'accepted' })) }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await writeFile(join(program, 'send.js'), `
    import { createRondo } from '@rondo/js'
    import { openFileStore } from '@rondo/js/node'
    const rondo = createRondo({ url: ${JSON.stringify(url)}, writeKey: 'wk', store: openFileStore({ folder: 'queue' }) })
    rondo.track('track-played', { trackId: process.version })
    await rondo.close()`)
  const nodes = listNodes()
  for (const { path } of nodes) await run(path, ['send.js'], { cwd: program })
  server.close()
  server.closeAllConnections()
  t.diagnostic(nodes.map(({ version }) => version).join(', '))
  assert.deepEqual(got.map(({ properties }) => properties), nodes.map(({ version }) => ({ trackId: version })))
})

const TYPED = `
  import { createRondo, withFlags, RondoClientError, type EventResult } from '@rondo/js'
  import { createBrowserRondo } from '@rondo/js/browser'
  import { openFileStore } from '@rondo/js/node'
  type Music = { 'track-played': { trackId: string; playedMs?: number } }
  const options = { url: 'http://rondo.test', writeKey: 'wk', onResult: (result: EventResult) => result.status }
  const server = createRondo<Music>({ ...options, store: openFileStore({ folder: 'queue' }) })
  const page = withFlags(createBrowserRondo<Music>(options), options)
  export const id: string = server.track('track-played', { trackId: 't' }, { occurredAt: new Date() })
  export const shelf: Promise<string> = page.flags.value('shelf', 'popular', { targetingKey: 'ines' })
  export const isOurs = (thrown: unknown): boolean => thrown instanceof RondoClientError && thrown.code === 'CLOSED'
  // @ts-expect-error no such event
  server.track('track-paused', {})
  // @ts-expect-error a number is no text
  page.track('track-played', { trackId: 1 })
`

test('JS31 TypeScript knows its events, strictly, as servers and as pages compile, and reads its declarations without a fault', { timeout: 60_000 }, async () => {
  const worlds = { server: { module: 'nodenext', lib: ['es2022'], types: ['node'], typeRoots: [TYPES] }, page: { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'], types: [] } }
  for (const [name, world] of Object.entries(worlds)) {
    const place = join(program, name)
    await mkdir(place)
    await writeFile(join(place, 'program.ts'), TYPED)
    await writeFile(join(place, 'tsconfig.json'), JSON.stringify({ compilerOptions: { target: 'es2022', strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false, ...world }, files: ['program.ts'] }))
    const { status, stdout } = spawnSync(process.execPath, [TSC, '-p', place], { encoding: 'utf8' })
    assert.equal(status, 0, `${name}: ${stdout}`)
  }
})

test('JS32 a bundler makes of it what pages load, under 4 KB gzipped; and so is the file that needs no bundler', { timeout: 60_000 }, async (t) => {
  const page = join(program, 'page.js')
  await writeFile(page, `export { createBrowserRondo } from '@rondo/js/browser'`)
  const code = await bundleForPage(page)
  const bare = join(program, 'node_modules/@rondo/js/browser.min.js')
  const { createBrowserRondo } = (await import(bare)) as { createBrowserRondo: unknown }
  assert.equal(typeof createBrowserRondo, 'function')
  for (const [name, text] of [['bundled', code], ['browser.min.js', await readFile(bare, 'utf8')]] as const) {
    const sizeBytes = gzipSync(text, { level: 9 }).length
    t.diagnostic(`${name}: ${sizeBytes} bytes`)
    assert.ok(sizeBytes < LIMIT_BYTES, `${name}: ${sizeBytes} bytes`)
  }
})
