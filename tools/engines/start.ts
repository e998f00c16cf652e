// Starts one engine of a set: installed, prepared, waited for, written down.
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { acquireFolderLock, FolderLockedError, nodeFileSystem } from '@rondo/files'
import { engineFolder, findState, isRunning, writeState, type EngineState } from './engine-state.ts'
import type { Engine, Place, ServerCertificate } from './engine.ts'
import { errors } from './errors.ts'
import type { Installer } from './install/installer.ts'
import { launch } from './process/launch.ts'
import { isPortFree } from './process/ports.ts'
import { findStartTicks, signalTree } from './process/process-tree.ts'
import { waitFor } from './process/wait-for.ts'

export type StartOptions = {
  set: string
  installer: Installer
  /** As many as `engine.ports`. */
  ports: number[]
  /** Empties the data first. */
  fresh?: boolean
  /** Ends the engine together with this process. */
  tied?: boolean
  tls?: ServerCertificate
}

/** The state of the engine, which may have been running already. */
export async function start(engine: Engine, options: StartOptions): Promise<{ state: EngineState; wasRunning: boolean }> {
  if (options.ports.length !== engine.ports.length) throw new Error(`${engine.name} takes ${engine.ports.length} ports, not ${options.ports.length}.`)
  if (process.platform !== 'linux') throw errors.platformUnknown({ platform: process.platform })
  const software = await engine.install(options.installer)
  const folder = engineFolder(options.set, engine.name)
  return holdFolder(engine, folder, async () => {
    const known = findState(options.set, engine.name)
    if (known !== undefined && isRunning(known)) return { state: known, wasRunning: true }
    for (const [at, port] of options.ports.entries()) if (at !== engine.proxy?.listen && !(await isPortFree(port))) throw errors.portTaken({ engine: engine.name, port })
    if (options.fresh === true) await rm(join(folder, 'data'), { recursive: true, force: true })
    const place: Place = { software, folder, ports: options.ports, ...(options.tls === undefined ? {} : { tls: options.tls }) }
    const state = await run(engine, place, options.tied ?? false)
    await writeState(options.set, engine.name, state)
    return { state, wasRunning: false }
  })
}

/** One command at a time for one engine of a set. */
export async function holdFolder<T>(engine: Engine, folder: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true })
  const lock = await acquireFolderLock(nodeFileSystem, folder).catch((error: unknown) => {
    throw error instanceof FolderLockedError ? errors.setBusy({ engine: engine.name, folder }, error) : error
  })
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

async function run(engine: Engine, place: Place, tied: boolean): Promise<EngineState> {
  await engine.prepare(place)
  const isRoot = process.getuid?.() === 0
  const pid = await launch(engine.command(place), { folder: place.folder, tied, ...(isRoot && engine.rootRunsAs !== undefined ? { user: engine.rootRunsAs } : {}) })
  const startTicks = findStartTicks(pid)
  const isAlive = (): boolean => startTicks !== undefined && findStartTicks(pid) === startTicks
  const log = join(place.folder, 'log')
  try {
    const isReady = await waitFor(engine.readyWithinMs, async () => {
      if (!isAlive()) throw errors.diedAtStart({ engine: engine.name, log, tail: await readTail(log) })
      return engine.isReady(place).catch(() => false)
    })
    if (!isReady) throw errors.notReady({ engine: engine.name, seconds: engine.readyWithinMs / 1000, log, tail: await readTail(log) })
    await engine.complete?.(place)
  } catch (error) {
    if (isAlive()) signalTree(pid, 'SIGKILL')
    throw error
  }
  return {
    version: (await engine.readVersion?.(place)) ?? engine.version,
    pid,
    startTicks: startTicks ?? 0,
    ports: place.ports,
    url: engine.url(place),
    env: engine.env?.(place) ?? {},
    startedAt: new Date().toISOString(),
  }
}

async function readTail(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-15).join('\n')
}
