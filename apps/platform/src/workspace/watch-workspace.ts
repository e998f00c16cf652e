// Tells when files of a workspace were saved, once for a burst of saves.
import { existsSync, readdirSync, watch, type FSWatcher } from 'node:fs'
import { join } from 'node:path'

const QUIET_MS = 150

/**
 * Calls `onChange` after each burst of saved definition files; the data folder and dot files do not count. Folders are watched one by one:
 * a recursive watch loses files that are replaced, which is how many editors save.
 */
export function watchWorkspace(folder: string, onChange: () => void): { /** Folders that are looked at. */ watched(): number; close(): void } {
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  const look = (path: string): void => {
    if (!watchers.has(path)) open(path)
    for (const entry of listFolders(path)) look(join(path, entry))
  }
  const open = (path: string): void => {
    try {
      const watcher = watch(path, (event, name) => {
        if (event === 'rename') lookAgain()
        if (name === null || name.startsWith('.') || !/\.(ts|ya?ml)$/.test(name)) return
        clearTimeout(timer)
        timer = setTimeout(onChange, QUIET_MS)
      })
      watcher.on('error', () => forget(path))
      watchers.set(path, watcher)
    } catch {
      // The folder is gone again.
    }
  }
  const forget = (path: string): void => {
    watchers.get(path)?.close()
    watchers.delete(path)
  }
  const lookAgain = (): void => {
    for (const path of watchers.keys()) if (!existsSync(path)) forget(path)
    look(folder)
  }
  look(folder)
  return {
    watched: () => watchers.size,
    close() {
      clearTimeout(timer)
      for (const path of watchers.keys()) forget(path)
    },
  }
}

function listFolders(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules' && entry.name !== 'data' ? [entry.name] : []))
  } catch {
    return []
  }
}
