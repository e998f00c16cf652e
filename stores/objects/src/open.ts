// Drivers by URL.
import { findFolderOfUrl } from '@rondo/files'
import { errors } from './errors.ts'
import { openFileObjects, type FileObjectsOptions } from './file/file-objects.ts'
import { openThrowAwayObjects } from './memory/open-throw-away-objects.ts'
import type { Objects } from './port.ts'

export type OpenObjectsOptions = FileObjectsOptions

/** `file:./folder` (made when missing; any number of processes) or `memory:` (gone at close). Throws `OBJECTS_URL_UNSUPPORTED`. */
export async function openObjects(url: string, options: OpenObjectsOptions = {}): Promise<Objects> {
  if (url === 'memory:') return openThrowAwayObjects()
  const folder = findFolderOfUrl(url)
  if (folder === undefined) throw errors.schemeUnknown({ url })
  return openFileObjects(folder, options)
}
