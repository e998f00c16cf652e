// Starts the whole house as a stranger would, on a free port and an empty folder, and waits until it is ready and stops cleanly.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const root = resolve(import.meta.dirname, '../..')
const patienceMs = 60_000
const stopPatienceMs = 20_000

const folder = await mkdtemp(join(tmpdir(), 'rondo-smoke-'))
const data = join(folder, 'data')
const startedAt = performance.now()
const child = spawn('npm', ['start', '--', '--port', '0', '--world', 'small', '--data', data], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: true })
const ended = new Promise<number | null>((settle) => child.once('exit', settle))

/** Undefined until the server answers that every room is ready. */
async function findReady(): Promise<string | undefined> {
  try {
    const { url } = JSON.parse(await readFile(join(data, 'running.json'), 'utf8')) as { url: string }
    const ready = url === '' ? undefined : await fetch(`${url}/readyz`)
    const page = ready?.ok === true ? await fetch(`${url}/`) : undefined
    return page?.ok === true && (await page.text()).includes('<div id="root"') ? url : undefined
  } catch {
    return undefined
  }
}

let url: string | undefined
while (url === undefined && child.exitCode === null && performance.now() - startedAt < patienceMs) {
  await pause(200)
  url = await findReady()
}
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
const code = await Promise.race([ended, pause(stopPatienceMs, 'late' as const)])
if (code === 'late' && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
await rm(folder, { recursive: true, force: true })
if (url === undefined) {
  process.stderr.write(`smoke: not ready within ${patienceMs / 1000} s.\n`)
  process.exit(1)
}
if (code === 'late') {
  process.stderr.write(`smoke: did not stop within ${stopPatienceMs / 1000} s of Ctrl-C.\n`)
  process.exit(1)
}
process.stdout.write(`smoke: ready with a portal after ${seconds} s, stopped with code ${String(code)}.\n`)
