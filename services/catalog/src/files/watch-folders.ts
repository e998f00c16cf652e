// Tells when something in the folders of descriptor files changes; never keeps the process alive.
import { watch, type FSWatcher } from 'node:fs'

export type FolderWatch = {
  /** Watches exactly these folders from now on. */
  follow(folders: Iterable<string>): void
  close(): void
}

/** `onChange` may come often; folders that cannot be watched are skipped (a refresh by hand still reads them). */
export function watchFolders(onChange: () => void): FolderWatch {
  const watchers = new Map<string, FSWatcher>()
  const drop = (folder: string): void => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  return {
    follow(folders) {
      const wanted = new Set(folders)
      for (const folder of watchers.keys()) if (!wanted.has(folder)) drop(folder)
      for (const folder of wanted) {
        if (watchers.has(folder)) continue
        try {
          const watcher = watch(folder, { persistent: false }, (_event, name) => {
            if (name === null || /\.ya?ml$/.test(name)) onChange()
          })
          watcher.on('error', () => {
            drop(folder)
            onChange()
          })
          watchers.set(folder, watcher)
        } catch {
          // A folder that is gone or that the machine will not watch.
        }
      }
    },
    close() {
      for (const folder of [...watchers.keys()]) drop(folder)
    },
  }
}
