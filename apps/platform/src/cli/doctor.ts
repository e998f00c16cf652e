// `rondo doctor`: looks at the machine, the workspace and the data, and names the command that mends what is wrong.
import { existsSync } from 'node:fs'
import { access, constants, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { toAppError } from '@rondo/errors'
import type { Readiness } from '@rondo/host'
import { checkVersion, findCopiedFrom, findRunning } from '../data-folder.ts'
import { loadWorkspace, toProblems } from '../workspace/load-workspace.ts'
import type { Command } from './command.ts'
import { findPlace, type Place } from './place.ts'

type Finding = { check: string; ok: boolean; found: string; fix: string }

const ENOUGH_BYTES = 1024 ** 3
const PATIENCE_MS = 10_000

export const command: Command = {
  name: 'doctor',
  summary: 'What is wrong with this machine, workspace or data folder, and the command that fixes it.',
  usage: ['doctor'],
  example: 'rondo doctor --json',
  options: {},
  words: [],
  optionHelp: {},
  async run(args, terminal) {
    const place = findPlace(args)
    const findings = [checkNode(), await checkWorkspace(place), ...(await checkData(place)), ...(await checkServer(place))]
    if (terminal.json) terminal.rows(findings)
    else for (const { check, ok, found, fix } of findings) terminal.out(`${ok ? '●' : '⊠'} ${check.padEnd(10)} ${found}${ok ? '' : `\n             ${fix}`}`)
    return findings.every(({ ok }) => ok) ? 0 : 1
  },
}

function checkNode(): Finding {
  const major = Number(process.versions.node.split('.')[0])
  return { check: 'node', ok: major >= 24, found: `Node ${process.versions.node}`, fix: 'Run through npm (`npm start`, `npx rondo`): the house brings its own Node 24.' }
}

async function checkWorkspace(place: Place): Promise<Finding> {
  try {
    const workspace = await loadWorkspace(place.workspace, place.config)
    return { check: 'workspace', ok: true, found: `${place.workspace}: ${workspace.definitions.length} definitions`, fix: '' }
  } catch (thrown) {
    const [first] = toProblems(thrown)
    return { check: 'workspace', ok: false, found: first === undefined ? 'wrong' : `${first.file}:${first.line}: ${first.message}`, fix: first?.help ?? 'npx rondo check' }
  }
}

async function checkData(place: Place): Promise<Finding[]> {
  const exists = await access(place.data).then(() => true, () => false)
  const folder = await findExisting(place.data)
  const writable = await access(folder, constants.W_OK).then(() => true, () => false)
  const disk = await statfs(folder).catch(() => undefined)
  const free = disk === undefined ? 0 : disk.bavail * disk.bsize
  const refusal = exists ? await checkVersion(place.data).then(() => undefined, toAppError) : undefined
  return [
    refusal !== undefined ? { check: 'data', ok: false, found: refusal.message, fix: refusal.help ?? '' } : { check: 'data', ok: writable, found: exists ? place.data : `${place.data} (made at the first start)`, fix: `chmod u+w ${folder}` },
    { check: 'disk', ok: free >= ENOUGH_BYTES, found: `${(free / 1024 ** 3).toFixed(1)} GB free`, fix: 'Free some space, or choose another disk with --data DIR.' },
  ]
}

/** The folder itself, or the nearest one above it that is there: where it would be made. */
async function findExisting(folder: string): Promise<string> {
  const exists = await access(folder).then(() => true, () => false)
  return exists || dirname(folder) === folder ? folder : findExisting(dirname(folder))
}

async function checkServer(place: Place): Promise<Finding[]> {
  const running = await findRunning(place.data)
  if (running === undefined) return [{ check: 'server', ok: true, found: (await findCopiedFrom(place.data)) ?? 'nothing runs on this data folder', fix: '' }]
  const { pid, url } = running
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PATIENCE_MS) }).then((response) => response.json() as Promise<{ services: Readiness[] }>).catch(() => undefined)
  if (answer === undefined) return [{ check: 'server', ok: false, found: `process ${pid} holds the folder and does not answer`, fix: `kill -9 ${pid}` }]
  const sick = answer.services.filter(({ ready }) => !ready)
  if (sick.length === 0) return [{ check: 'server', ok: true, found: `process ${pid} at ${url}, ready`, fix: '' }]
  const logs = join(place.data, 'logs')
  const look = existsSync(logs) ? `Look into ${logs}.` : `Look at what process ${pid} wrote to standard error.`
  return sick.map(({ service, reason = '', address }) =>
    address === undefined ? { check: 'server', ok: false, found: `${service} is not ready: ${reason}`, fix: look } : { check: 'peer', ok: false, found: reason, fix: `Start it there (\`rondo serve ${service}\`), or correct peers in ${place.config}; \`rondo doctor\` there says more.` })
}
