// The bootstrap on a copy of its own, with an npm that does what the test says: nothing is downloaded.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { copyFile, mkdir, rm, utimes, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { createTempFolder, type TempFolder } from '@rondo/testing'

const bootstrap = resolve(import.meta.dirname, '../bootstrap.mjs')
const lock = (version: string): string => JSON.stringify({ packages: { '': {}, 'node_modules/a': { version }, 'node_modules/o': { version: '1.0.0', optional: true } } })
const goodNpm = `
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
mkdirSync('node_modules/.bin', { recursive: true })
mkdirSync('node_modules/node/bin', { recursive: true })
try { symlinkSync(process.execPath, 'node_modules/.bin/node') } catch {}
const packages = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages
delete packages['']
delete packages['node_modules/o']
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }))
`

async function prepare(npm: string, script: string): Promise<TempFolder> {
  const folder = await createTempFolder()
  await mkdir(folder.join('tools'))
  await copyFile(bootstrap, folder.join('tools/bootstrap.mjs'))
  await writeFile(folder.join('npm.js'), npm)
  await writeFile(folder.join('package.json'), '{"type":"module"}')
  await writeFile(folder.join('package-lock.json'), lock('1.0.0'))
  await writeFile(folder.join('script.js'), script)
  return folder
}

function start(folder: TempFolder, ...args: string[]) {
  const child = spawn(process.execPath, [folder.join('tools/bootstrap.mjs'), 'script.js', ...args], { env: { ...process.env, npm_execpath: folder.join('npm.js') }, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const ended = new Promise<{ code: number | null; out: string; err: string }>((done) => void child.once('close', (code) => done({ code, out, err })))
  return { child, ended }
}

test('TL8 bootstrap installs once, passes arguments on and the exit code back', async () => {
  await using folder = await prepare(goodNpm, 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7')
  const first = await start(folder, 'up', '--port', '1').ended
  assert.deepEqual([first.code, first.out], [7, '["up","--port","1"]\n'])
  assert.match(first.err, /^Installing what is missing…\nInstalled in \d+ s\.\n$/)
  assert.equal((await start(folder).ended).err, '')
})

test('TL9 bootstrap installs again when the lockfile asks for other packages, not when it was only touched', async () => {
  await using folder = await prepare(goodNpm, '')
  await start(folder).ended
  const later = new Date(Date.now() + 60_000)
  await utimes(folder.join('package-lock.json'), later, later)
  assert.equal((await start(folder).ended).err, '')
  await writeFile(folder.join('package-lock.json'), lock('1.0.1'))
  await utimes(folder.join('package-lock.json'), later, later)
  assert.match((await start(folder).ended).err, /Installing/)
  await rm(folder.join('node_modules/.package-lock.json'))
  assert.match((await start(folder).ended).err, /Installing/)
})

test('TL10 bootstrap says what npm said when it fails, and starts nothing', async () => {
  await using folder = await prepare('console.error("npm error network no route"); process.exit(3)', 'console.log("started")')
  const { code, out, err } = await start(folder).ended
  assert.deepEqual([code, out], [1, ''])
  for (const part of [/npm error network no route/, /"npm ci" ended with 3\. Nothing was started\./, /npm ci/]) assert.match(err, part)
})

test('TL11 bootstrap passes signals on and waits for a clean end', async () => {
  await using folder = await prepare(goodNpm, 'process.on("SIGTERM", () => { console.log("clean"); process.exit(0) }); setInterval(() => {}, 1000); console.log("ready")')
  const { child, ended } = start(folder)
  await new Promise<void>((done) => void child.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('ready') && done()))
  child.kill('SIGTERM')
  assert.deepEqual((await ended).out, 'ready\nclean\n')
})

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`TL14 npm ended by ${signal} leaves nothing running: the shell between dies or is orphaned, and the script still ends cleanly`, { skip: process.platform === 'win32', timeout: 30_000 }, async () => {
    await using folder = await prepare(goodNpm, 'if (process.argv[2] === "stay") { process.on("SIGTERM", () => { console.log("clean"); process.exit(0) }); setInterval(() => {}, 1000); console.log("ready") }')
    await start(folder).ended
    await writeFile(folder.join('package.json'), JSON.stringify({ type: 'module', scripts: { start: 'node tools/bootstrap.mjs script.js stay' } }))
    const npm = spawn('npm', ['start', '--silent'], { cwd: folder.path, stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    const ready = new Promise<void>((done) => void npm.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()).includes('ready') && done()))
    /** Only when the last process that could write is gone. */
    const closed = new Promise<void>((done) => void npm.once('close', () => done()))
    await ready
    npm.kill(signal)
    await closed
    assert.equal(out, 'ready\nclean\n')
  })
}

test('TL15 bootstrap killed outright closes the channel of its script', { skip: process.platform === 'win32', timeout: 30_000 }, async () => {
  await using folder = await prepare(goodNpm, 'process.on("disconnect", () => { console.log("clean"); process.exit(0) }); console.log("ready")')
  const { child, ended } = start(folder)
  await new Promise<void>((done) => void child.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('ready') && done()))
  child.kill('SIGKILL')
  assert.equal((await ended).out, 'ready\nclean\n')
})
