// Starts a script of the house on the Node that the house brings along, and installs what is missing first.
// Plain JavaScript that runs on the machine's own Node (20 and up): node tools/bootstrap.mjs SCRIPT [ARGUMENT…]
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const LOOK_EVERY_MS = 500

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const [script, ...args] = process.argv.slice(2)
if (script === undefined) fail('Which script? Use: node tools/bootstrap.mjs SCRIPT [ARGUMENT…]', 2)
if (!existsSync(resolve(root, script))) fail(`There is no script "${script}" in ${root}.`, 2)

if (!isInstalled(root)) await install(root)
process.exitCode = await run(process.platform === 'win32' ? join(root, 'node_modules', 'node', 'bin', 'node.exe') : join(root, 'node_modules', '.bin', 'node'), [
  '--disable-warning=ExperimentalWarning',
  resolve(root, script),
  ...args,
])

/** npm leaves the list of what it installed in node_modules; an older list is compared with the lockfile, entry by entry. */
function isInstalled(folder) {
  const lock = join(folder, 'package-lock.json')
  const installed = join(folder, 'node_modules', '.package-lock.json')
  if (!existsSync(installed) || !existsSync(join(folder, 'node_modules', 'node', 'bin'))) return false
  if (!existsSync(lock) || statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return true
  const wanted = readPackages(lock)
  const present = readPackages(installed)
  if (wanted === undefined || present === undefined) return false
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue
    const found = present[path]
    if (found === undefined ? !entry.optional && !entry.devOptional && !entry.peer : found.version !== entry.version || found.link !== entry.link) return false
  }
  return Object.keys(present).every((path) => wanted[path] !== undefined)
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

async function install(folder) {
  const startMs = Date.now()
  process.stderr.write('Installing what is missing…')
  const ticker = process.stderr.isTTY
    ? setInterval(() => process.stderr.write(`\rInstalling what is missing… ${Math.round((Date.now() - startMs) / 1000)} s`), 1000)
    : undefined
  const { code, output } = await npm(folder, ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
  clearInterval(ticker)
  process.stderr.write('\n')
  if (code !== 0) {
    fail(
      `${output.trim()}\n\nThe install failed: "npm ci" ended with ${code}. Nothing was started.\n` +
        `Check the network and that "npm config get registry" is reachable, then run "npm ci" in ${folder} to see its whole output.`,
      1,
    )
  }
  process.stderr.write(`Installed in ${Math.round((Date.now() - startMs) / 1000)} s.\n`)
}

/** Runs the npm that runs us, or the one on the path. */
function npm(folder, npmArgs) {
  const own = process.env['npm_execpath']
  const useOwn = own !== undefined && own.endsWith('.js')
  return new Promise((done) => {
    const child = spawn(useOwn ? process.execPath : 'npm', useOwn ? [own, ...npmArgs] : npmArgs, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && !useOwn,
    })
    const chunks = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk))
    child.once('error', (error) => done({ code: 127, output: `npm cannot be started: ${error.message}` }))
    child.once('close', (code, signal) => done({ code: code ?? signal, output: Buffer.concat(chunks).toString() }))
  })
}

/**
 * The child's exit code. Ctrl-C reaches the child from the terminal by itself; every other signal is passed on. Killed outright, we leave the
 * child a closed channel, which it takes for a request to stop.
 */
function run(command, commandArgs) {
  return new Promise((done) => {
    const child = spawn(command, commandArgs, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
      })
    }
    if (process.env['npm_lifecycle_event'] !== undefined) watchNpm(() => child.kill('SIGTERM'))
    child.once('error', (error) => fail(`"${command}" cannot be started: ${error.message}\nDelete node_modules and start again.`, 1))
    child.once('close', (code, signal) => done(code ?? 128 + constants.signals[signal]))
  })
}

/** npm passes a signal to the shell between us, which dies of it and tells nobody; so we look whether both still live. */
function watchNpm(onGone) {
  const shell = process.ppid
  const npm = findParent(shell)
  const timer = setInterval(() => {
    if (process.ppid === shell && findParent(shell) === npm) return
    clearInterval(timer)
    onGone()
  }, LOOK_EVERY_MS)
  timer.unref()
}

/** Of another process; undefined where the system has no /proc, and then its shell is not between us and npm. */
function findParent(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
  } catch {
    return undefined
  }
}

function fail(message, code) {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}
