// Syncing a folder for many callers at once: who asks while a sync runs shares the next one.
import type { FileSystem } from './file-system.ts'

/** Resolves once names made before the call are durable. */
export type SyncFolder = (folder: string) => Promise<void>

type State = { running: Promise<void>; next: Promise<void> | undefined }

export function createFolderSyncs(fileSystem: FileSystem): SyncFolder {
  const states = new Map<string, State>()
  const start = (folder: string): Promise<void> => {
    const running = fileSystem.syncFolder(folder)
    const state: State = { running, next: undefined }
    states.set(folder, state)
    const end = (): void => {
      if (states.get(folder) === state && state.next === undefined) states.delete(folder)
    }
    running.then(end, end)
    return running
  }
  return (folder) => {
    const state = states.get(folder)
    if (!state) return start(folder)
    state.next ??= state.running.catch(() => undefined).then(() => start(folder))
    return state.next
  }
}
