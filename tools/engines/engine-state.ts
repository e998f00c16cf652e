// What a set knows of each of its engines, in `state.json` of the engine's folder: written when it is ready, removed when it is stopped.
import { readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineName } from './engine.ts'
import { findStartTicks } from './process/process-tree.ts'

export type EngineState = {
  version: string
  pid: number
  /** Tells the process from a later one with its number. */
  startTicks: number
  ports: number[]
  url: string
  env: Record<string, string>
  /** ISO 8601. */
  startedAt: string
}

export function engineFolder(set: string, name: EngineName): string {
  return join(set, name)
}

export async function writeState(set: string, name: EngineName, state: EngineState): Promise<void> {
  const path = statePath(set, name)
  await mkdir(engineFolder(set, name), { recursive: true })
  await writeFile(`${path}.new`, `${JSON.stringify(state, undefined, 2)}\n`)
  await rename(`${path}.new`, path)
}

export async function removeState(set: string, name: EngineName): Promise<void> {
  await rm(statePath(set, name), { force: true })
}

/** What was written last, whether it still runs or not; a file that cannot be read counts as none. */
export function findState(set: string, name: EngineName): EngineState | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(statePath(set, name), 'utf8'))
    return isState(state) ? state : undefined
  } catch {
    return undefined
  }
}

export function isRunning(state: EngineState): boolean {
  return findStartTicks(state.pid) === state.startTicks
}

function statePath(set: string, name: EngineName): string {
  return join(engineFolder(set, name), 'state.json')
}

function isState(value: unknown): value is EngineState {
  if (typeof value !== 'object' || value === null) return false
  return 'pid' in value && typeof value.pid === 'number' && 'startTicks' in value && 'url' in value && typeof value.url === 'string' && 'ports' in value && 'env' in value
}
