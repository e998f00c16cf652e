// An engine of a test's own, which can be stopped, killed and paused in the middle of the test and comes back with its data.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientPort, innerPort, type Engine, type EngineName, type Place, type ServerCertificate } from './engine.ts'
import { engineFolder, findState, isRunning, removeState } from './engine-state.ts'
import { engines } from './engines.ts'
import { createInstaller } from './install/installer.ts'
import { findUser } from './install/users.ts'
import { findCache } from './places.ts'
import { findFreePorts } from './process/ports.ts'
import { measureMemoryBytes, signalTree } from './process/process-tree.ts'
import { killProcess } from './process/stop-process.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'
import { start } from './start.ts'
import { stop } from './stop.ts'

export type StartEngineOptions = {
  /** Folder of the set; a temporary one, removed at the end, when absent. */
  dir?: string
  /** Its data lies on a disk of this size, which `fillDisk` fills; needs the right to mount one (`smallDiskSkip`). */
  dataBytes?: number
  /** It speaks TLS to clients, and nothing else: PostgreSQL, and Kafka, which then also asks for the user and the password of its address. */
  tls?: ServerCertificate
}

export type StartedEngine = AsyncDisposable & {
  readonly name: EngineName
  /** The address as the stores of the house take it; the same after every start. */
  readonly url: string
  /** The same through a proxy that listens at `port`. */
  urlAt(port: number): string
  /** For `createFaultProxy` of @rondo/testing: where it goes on to, and the port it must listen at (0: any). */
  readonly proxy: { targetPort: number; port: number }
  /** What client libraries want in their environment besides. */
  readonly env: Record<string, string>
  /** What the engine is doing, in its own words. */
  readonly logFile: string
  /** False after `stop` and `kill`, and when it ended by itself. */
  isRunning(): boolean
  measureMemoryBytes(): number
  /** Cleanly; the data stays. */
  stop(): Promise<void>
  /** Without a warning, as a power cut does; the data stays as it is. */
  kill(): Promise<void>
  /** After `stop` or `kill`, with the data that is there. Returns when it is ready. */
  start(): Promise<void>
  /** It stays, holds its connections, and does nothing. */
  pause(): void
  resume(): void
  /** With `dataBytes`: takes what is free on its disk, but for `leaveBytes`. */
  fillDisk(leaveBytes?: number): Promise<void>
  /** Gives it back. */
  clearDisk(): Promise<void>
}

/** The folder of an engine's software, in which its own tools are; installed when it is missing. */
export function findSoftware(name: EngineName): Promise<string> {
  return engines[name].install(createInstaller(findCache(), (line) => void process.stderr.write(`${line}\n`)))
}

/** `await using kafka = await startEngine('kafka')`: on ports of its own; it ends with this process at the latest. */
export async function startEngine(name: EngineName, options: StartEngineOptions = {}): Promise<StartedEngine> {
  const engine = engines[name]
  const set = options.dir ?? (await createSetFolder())
  const ports = await findFreePorts(engine.ports.length)
  const installer = createInstaller(findCache(), (line) => void process.stderr.write(`${line}\n`))
  const tls = options.tls === undefined ? {} : { tls: options.tls }
  const place: Place = { software: '', folder: engineFolder(set, name), ports, ...tls }
  const disk = options.dataBytes === undefined ? undefined : await mountSmallDisk(join(place.folder, 'data'), options.dataBytes, await findOwner(engine))
  const run = async (): Promise<number> => (await start(engine, { set, installer, ports, tied: true, ...tls })).state.pid
  let pid: number | undefined = await run().catch(async (error: unknown) => {
    await disk?.[Symbol.asyncDispose]()
    throw error
  })
  const living = (): number => {
    if (pid === undefined) throw new Error(`${name} was stopped by this test; start it again first.`)
    return pid
  }
  const small = (): SmallDisk => {
    if (disk === undefined) throw new Error(`${name} has no disk of its own; start it with { dataBytes }.`)
    return disk
  }
  return {
    name,
    url: engine.url(place),
    urlAt: (port) => engine.url({ ...place, ports: [port] }),
    proxy: engine.proxy === undefined ? { targetPort: clientPort(place), port: 0 } : { targetPort: innerPort(place, engine.proxy.target), port: innerPort(place, engine.proxy.listen) },
    env: engine.env?.(place) ?? {},
    logFile: join(place.folder, 'log'),
    isRunning() {
      const state = findState(set, name)
      return state !== undefined && isRunning(state)
    },
    measureMemoryBytes: () => measureMemoryBytes(living()),
    async stop() {
      await stop(engine, set)
      pid = undefined
    },
    async kill() {
      await killProcess(living())
      await removeState(set, name)
      pid = undefined
    },
    async start() {
      pid = await run()
    },
    pause: () => signalTree(living(), 'SIGSTOP'),
    resume: () => signalTree(living(), 'SIGCONT'),
    fillDisk: (leaveBytes) => small().fill(leaveBytes),
    clearDisk: () => small().clear(),
    async [Symbol.asyncDispose]() {
      if (options.dir !== undefined) await stop(engine, set)
      else if (pid !== undefined) await killProcess(pid)
      await disk?.[Symbol.asyncDispose]()
      if (options.dir === undefined) await rm(set, { recursive: true, force: true })
    },
  }
}

async function findOwner({ rootRunsAs }: Engine): Promise<{ uid: number; gid: number } | undefined> {
  return rootRunsAs === undefined ? undefined : findUser(rootRunsAs)
}

/** The user that an engine runs as when root may not run it must be able to pass through. */
async function createSetFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-engines-'))
  await chmod(folder, 0o711)
  return folder
}
