// The one folder that holds everything: its version, its one user at a time, and how other commands reach that user.
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, readdir, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { acquireFolderLock, FolderLockedError, isStorageFull, nodeFileSystem, nodeProcessIdentity, writeFileDurably, type FolderLock } from '@rondo/files'
import { errors } from './errors.ts'

const DATA_VERSION = 1
const VERSION_FILE = 'rondo-data.json'
const RUNNING_FILE = 'running.json'
/** Longer than a server is ever busy with one thing. */
const PATIENCE_MS = 10_000

/** What a process that was killed may leave behind before there is a version file: its lock, its announcement, and half-written ones. */
const OWN_FILES = /^(lock|running\.json|rondo-data\.json)(\.|-|$)/

/**
 * Who uses the folder now. `token` is an admin token that only processes which can read the folder know; `holder` tells it from a later process of
 * the same number, and `folder`, its real path, from a copy of the folder.
 */
export type Running = { pid: number; url: string; token: string; holder: string; folder: string; /** Where people open it, when that is another address. */ publicUrl?: string }

export type DataFolder = {
  path: string
  token: string
  /** Tells other commands where to reach this process. */
  announce(url: string, publicUrl?: string): Promise<void>
  close(): Promise<void>
}

/** Makes the folder when it is missing and takes it. Throws NEWER_DATA, NOT_A_DATA_FOLDER, DATA_IN_USE, STORAGE_FULL. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => throwCannotOpen(path, cause))
  await checkVersion(path)
  const token = `rk_local_${randomBytes(24).toString('base64url')}`
  const file = join(path, RUNNING_FILE)
  const folder = await realpath(path)
  const announce: DataFolder['announce'] = (url, publicUrl) =>
    replaceFile(file, JSON.stringify({ pid: process.pid, url, token, holder: nodeProcessIdentity.token, folder, ...(publicUrl === undefined ? {} : { publicUrl }) } satisfies Running))
  const lock = await takeLock(path)
  try {
    if (!(await exists(join(path, VERSION_FILE)))) await writeFileDurably(nodeFileSystem, join(path, VERSION_FILE), Buffer.from(`${JSON.stringify({ version: DATA_VERSION })}\n`))
    await announce('')
  } catch (thrown) {
    await lock.release()
    return throwCannotOpen(path, thrown)
  }
  return {
    path,
    token,
    announce,
    async close() {
      await rm(file, { force: true })
      await lock.release()
    },
  }
}

/** The process that has the folder open, if one lives. */
export async function findRunning(path: string): Promise<Running | undefined> {
  const living = await findLiving(path)
  return living?.folder === (await realpath(path).catch(() => undefined)) ? living : undefined
}

/** What to tell of a running.json that came here with a copy of the folder of a process that lives: it is ignored. */
export async function findCopiedFrom(path: string): Promise<string | undefined> {
  const [living, running] = [await findLiving(path), await findRunning(path)]
  if (living === undefined || running !== undefined) return undefined
  return `"${path}" holds the running.json of "${living.folder}", which process ${living.pid} has open: it is not about this folder and is ignored.`
}

/** Throws NOT_ANSWERING when the process lives and says nothing: a command would wait for it without a word. */
export async function checkAnswers({ url, pid }: Running): Promise<void> {
  await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch((cause: unknown) => {
    throw errors.notAnswering({ url, pid }, cause)
  })
}

async function findLiving(path: string): Promise<Running | undefined> {
  const text = await readFile(join(path, RUNNING_FILE), 'utf8').catch(() => '')
  try {
    const running = JSON.parse(text) as Running
    return nodeProcessIdentity.isAlive(running.holder) ? running : undefined
  } catch {
    return undefined
  }
}

async function takeLock(path: string): Promise<FolderLock> {
  const other = await findRunning(path)
  if (other !== undefined && other.pid !== process.pid) throw errors.dataInUse({ folder: path, pid: other.pid, url: other.url })
  try {
    return await acquireFolderLock(nodeFileSystem, path)
  } catch (thrown) {
    if (thrown instanceof FolderLockedError) throw errors.dataInUse({ folder: path, pid: Number(/\d+/.exec(thrown.holder)?.[0] ?? 0), url: (await findRunning(path))?.url ?? '' }, thrown)
    return throwCannotOpen(path, thrown)
  }
}

/** What the system refuses is said in words; all else is thrown as it is. */
function throwCannotOpen(folder: string, cause: unknown): never {
  if (isStorageFull(cause)) throw errors.dataFull({ folder }, cause)
  throw cause instanceof Error && 'syscall' in cause && 'code' in cause ? errors.cannotOpen({ folder, reason: String(cause.code) }, cause) : cause
}

/** A folder without a version file is new, and then nothing of anybody else may be in it. Throws NEWER_DATA, NOT_A_DATA_FOLDER. */
export async function checkVersion(path: string): Promise<void> {
  const text = await readFile(join(path, VERSION_FILE), 'utf8').catch(() => undefined)
  if (text === undefined) {
    const foreign = (await readdir(path)).filter((name) => !OWN_FILES.test(name))
    if (foreign.length > 0) throw errors.notData({ folder: path, reason: `it holds "${foreign[0]}" and no ${VERSION_FILE}` })
    return
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

async function exists(file: string): Promise<boolean> {
  return readFile(file).then(() => true, () => false)
}
