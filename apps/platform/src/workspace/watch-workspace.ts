// Tells when files of a workspace were saved, once for a burst of saves.
import { watch } from 'node:fs'
import { sep } from 'node:path'

const QUIET_MS = 150

/** Calls `onChange` after each burst of saved definition files; the data folder and dot files do not count. */
export function watchWorkspace(folder: string, onChange: () => void): { close(): void } {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    if (name === null || !/\.(ts|ya?ml)$/.test(name) || name.split(sep).some((part) => part.startsWith('.') || part === 'node_modules' || part === 'data')) return
    clearTimeout(timer)
    timer = setTimeout(onChange, QUIET_MS)
  })
  watcher.on('error', () => {})
  return {
    close() {
      clearTimeout(timer)
      watcher.close()
    },
  }
}
