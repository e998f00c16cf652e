// Tells when files of a workspace were saved, once for a burst of saves.
import { existsSync, readdirSync, watch, type FSWatcher } from 'node:fs'
import { join, resolve } from 'node:path'

const QUIET_MS = 150

export type WorkspaceWatcher = {
  /** From now on `onChange` is called; at once when something was saved since the watch began. */
  tell(onChange: () => void): void
  /** Folders that are looked at. */
  watched(): number
  close(): void
  [Symbol.dispose](): void
}

/**
 * Tells after each burst of saved, moved and removed definition files and folders; the data folder and dot files do not count. Folders are watched one by one:
 * a recursive watch loses files that are replaced, which is how many editors save.
 */
export function watchWorkspace(folder: string, dataFolder: string): WorkspaceWatcher {
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  let isUntold = false
  let onChange = (): void => void (isUntold = true)
  const look = (path: string): void => {
    if (!watchers.has(path)) open(path)
    for (const entry of listFolders(path)) if (resolve(path, entry) !== resolve(dataFolder)) look(join(path, entry))
  }
  const open = (path: string): void => {
    try {
      const watcher = watch(path, (event, name) => {
        const isFolderChange = event === 'rename' && lookAgain()
        if (isFolderChange || (name !== null && !name.startsWith('.') && /\.(ts|ya?ml)$/.test(name))) changed()
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
  /** Whether a folder came or went: with it came or went what was in it, and nobody tells of that. */
  const lookAgain = (): boolean => {
    const before = new Set(watchers.keys())
    for (const path of before) if (!existsSync(path)) forget(path)
    look(folder)
    return before.size !== watchers.size || [...watchers.keys()].some((path) => !before.has(path))
  }
  const changed = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => onChange(), QUIET_MS)
  }
  const close = (): void => {
    clearTimeout(timer)
    for (const path of watchers.keys()) forget(path)
  }
  look(folder)
  return {
    tell(listener) {
      onChange = listener
      if (isUntold) listener()
      isUntold = false
    },
    watched: () => watchers.size,
    close,
    [Symbol.dispose]: close,
  }
}

function listFolders(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules' ? [entry.name] : []))
  } catch {
    return []
  }
}
