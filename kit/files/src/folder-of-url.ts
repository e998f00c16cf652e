// Folders as store addresses name them.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The absolute folder of `file:./folder`, `file:/folder` or `file:///folder`; undefined for any other URL. */
export function findFolderOfUrl(url: string): string | undefined {
  if (url.startsWith('file://')) return fileURLToPath(url)
  return url.startsWith('file:') && url.length > 5 ? resolve(url.slice(5)) : undefined
}
