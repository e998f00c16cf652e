// The one folder that holds everything: its version, its one user at a time, and how other commands reach that user.
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errors } from './errors.ts'

const DATA_VERSION = 1
const VERSION_FILE = 'rondo-data.json'
const RUNNING_FILE = 'running.json'

/** Who uses the folder now. `token` is a service token that only processes which can read the folder know. */
export type Running = { pid: number; url: string; token: string }

export type DataFolder = {
  path: string
  token: string
  /** Tells other commands where to reach this process. */
  announce(url: string): Promise<void>
  close(): Promise<void>
}

/** Makes the folder when it is missing and takes it. Throws NEWER_DATA, NOT_A_DATA_FOLDER, DATA_IN_USE. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  await mkdir(path, { recursive: true })
  await checkVersion(path)
  const token = `rk_local_${randomBytes(24).toString('base64url')}`
  const file = join(path, RUNNING_FILE)
  await takeOver(path, file, { pid: process.pid, url: '', token })
  return {
    path,
    token,
    announce: (url) => replaceFile(file, JSON.stringify({ pid: process.pid, url, token })),
    close: () => rm(file, { force: true }),
  }
}

/** The process that has the folder open, if one lives. */
export async function findRunning(path: string): Promise<Running | undefined> {
  const text = await readFile(join(path, RUNNING_FILE), 'utf8').catch(() => '')
  try {
    const running = JSON.parse(text) as Running
    return isAlive(running.pid) ? running : undefined
  } catch {
    return undefined
  }
}

async function takeOver(path: string, file: string, mine: Running): Promise<void> {
  for (;;) {
    try {
      const handle = await open(file, 'wx', 0o600)
      await handle.writeFile(JSON.stringify(mine))
      await handle.close()
      return
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
      const other = await findRunning(path)
      if (other !== undefined && other.pid !== process.pid) throw errors.dataInUse({ folder: path, pid: other.pid, url: other.url })
      await rm(file, { force: true })
    }
  }
}

async function checkVersion(path: string): Promise<void> {
  const file = join(path, VERSION_FILE)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) {
    const foreign = (await readdir(path)).filter((name) => name !== RUNNING_FILE)
    if (foreign.length > 0) throw errors.notData({ folder: path, reason: `it holds "${foreign[0]}" and no ${VERSION_FILE}` })
    return replaceFile(file, `${JSON.stringify({ version: DATA_VERSION })}\n`)
  }
  let version: unknown
  try {
    version = (JSON.parse(text) as { version?: unknown }).version
  } catch {
    throw errors.notData({ folder: path, reason: `${VERSION_FILE} is not JSON` })
  }
  if (typeof version !== 'number') throw errors.notData({ folder: path, reason: `${VERSION_FILE} names no version` })
  if (version > DATA_VERSION) throw errors.newerData({ folder: path, version, known: DATA_VERSION })
}

async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`
  await writeFile(temporary, text, { mode: 0o600 })
  await rename(temporary, file)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}
