// What `npm run engines -- status` prints: one line for each engine of a set.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { engineFolder, findState, isRunning } from './engine-state.ts'
import type { EngineName } from './engine.ts'
import { measureMemoryBytes } from './process/process-tree.ts'

export async function renderStatus(set: string, names: EngineName[]): Promise<string> {
  const rows = await Promise.all(names.map((name) => describe(set, name)))
  const table = [['engine', 'state', 'version', 'memory', 'data', 'address'], ...rows]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
  return [`Set ${set}`, ...table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())].join('\n')
}

async function describe(set: string, name: EngineName): Promise<string[]> {
  const state = findState(set, name)
  const data = renderBytes(await measureFolderBytes(join(engineFolder(set, name), 'data')))
  if (state === undefined) return [name, 'stopped', '', '', data, '']
  if (!isRunning(state)) return [name, 'dead', state.version, '', data, `was ${state.url}; start it again`]
  return [name, 'running', state.version, renderBytes(measureMemoryBytes(state.pid)), data, state.url]
}

/** Files that go while they are counted count nothing. */
async function measureFolderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  const sizes = await Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)).then(({ blocks }) => blocks * 512).catch(() => 0)))
  return sizes.reduce((sum, size) => sum + size, 0)
}

function renderBytes(bytes: number): string {
  return bytes === 0 ? '' : `${Math.max(1, Math.round(bytes / 1_000_000)).toLocaleString('en')} MB`
}
