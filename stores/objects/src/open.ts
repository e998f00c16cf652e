// Drivers by URL.
import { hidePassword } from '@rondo/errors'
import { findFolderOfUrl } from '@rondo/files'
import { createSystemRandom } from '@rondo/random'
import { errors } from './errors.ts'
import { openFileObjects, type FileObjectsOptions } from './file/file-objects.ts'
import { openThrowAwayObjects } from './memory/open-throw-away-objects.ts'
import type { Objects } from './port.ts'

export type OpenObjectsOptions = FileObjectsOptions & {
  /** Where engines write what is staged when the objects are not on this machine. Default: among its temporary folders. */
  stagingFolder?: string
}

/**
 * `file:./folder` (made when missing; any number of processes), `s3://…` (see README.md), or `memory:` (gone at close). Throws `OBJECTS_URL_UNSUPPORTED`, and of S3
 * `BAD_STORE_ADDRESS`, `PACKAGE_MISSING`, `OBJECTS_UNREACHABLE`, `LOGIN_REFUSED`, `BUCKET_MISSING`, `WRONG_REGION`, `OBJECTS_TOO_OLD`.
 */
export async function openObjects(url: string, options: OpenObjectsOptions = {}): Promise<Objects> {
  if (url === 'memory:') return openThrowAwayObjects()
  if (url.startsWith('s3:')) {
    const { openS3Objects } = await import('./s3/s3-objects.ts')
    return openS3Objects(url, { random: createSystemRandom(), ...(options.stagingFolder === undefined ? {} : { stagingFolder: options.stagingFolder }) })
  }
  const folder = findFolderOfUrl(url)
  if (folder === undefined) throw errors.schemeUnknown({ url: hidePassword(url) })
  return openFileObjects(folder, options)
}
