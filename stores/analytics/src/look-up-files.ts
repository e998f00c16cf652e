// Which version of each file there is now, in few questions: files of one folder are listed together.
import type { Ctx } from '@rondo/context'
import type { RemoteFile, RemoteFiles } from './remote-files.ts'

/** From so many in one folder on, one list is cheaper than asking for each. */
const LIST_FROM = 3

/** In the order of `keys`; undefined where there is none. One question for a folder, and one for each file that its first page did not show. */
export async function lookUpFiles(remote: RemoteFiles, keys: string[], ctx: Ctx): Promise<(RemoteFile | undefined)[]> {
  const folders = Map.groupBy(keys, (key) => key.slice(0, key.lastIndexOf('/') + 1))
  const found = new Map<string, RemoteFile>()
  await Promise.all(
    [...folders.values()].map(async (own) => {
      if (own.length < LIST_FROM) return
      const sorted = own.toSorted()
      const wanted = new Set(own)
      // The page begins right before the first of them: "/" and "." sort before what may follow them in a key.
      for (const file of await remote.list(sharedStart(sorted), { after: sorted[0]?.slice(0, -1) ?? '' }, ctx)) if (wanted.has(file.key)) found.set(file.key, file)
    }),
  )
  return Promise.all(keys.map(async (key) => found.get(key) ?? remote.find(key, ctx)))
}

/** The longest beginning that all have. Of sorted ones, the first and the last say it. */
function sharedStart(sorted: string[]): string {
  const first = sorted[0] ?? ''
  const last = sorted.at(-1) ?? ''
  let length = 0
  while (length < first.length && first[length] === last[length]) length += 1
  return first.slice(0, length)
}
