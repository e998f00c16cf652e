// Which version of each file there is now, in few questions: neighbours in the order of keys are listed together.
import type { Ctx } from '@rondo/context'
import type { RemoteFile, RemoteFiles } from './remote-files.ts'

/** From so many neighbours on, one list is cheaper than asking for each. */
const LIST_FROM = 3
const PAGE_AT_MOST = 1_000

/** In the order of `keys`; undefined where there is none. */
export async function lookUpFiles(remote: RemoteFiles, keys: string[], ctx: Ctx): Promise<(RemoteFile | undefined)[]> {
  const found = new Map<string, RemoteFile>()
  const note = (file: RemoteFile | undefined): void => void (file !== undefined && found.set(file.key, file))
  // Datasets lie apart, and are looked up at the same time.
  const groups = Map.groupBy(new Set(keys), (key) => key.split('/', 2).join('/'))
  await Promise.all(
    [...groups.values()].map(async (group) => {
      let rest = group.toSorted()
      while (rest.length >= LIST_FROM) {
        const { files, until } = await listFrom(remote, rest, ctx)
        const beyond = rest.filter((key) => until !== undefined && key > until)
        for (const file of files) note(file)
        const isSparse = rest.length - beyond.length < LIST_FROM
        rest = beyond
        if (isSparse) break
      }
      for (const file of await Promise.all(rest.map((key) => remote.find(key, ctx)))) note(file)
    }),
  )
  return keys.map((key) => found.get(key))
}

/** One page, from the first of the sorted keys on. `until`: the last key that it tells of; absent when it tells of all. */
async function listFrom(remote: RemoteFiles, sorted: string[], ctx: Ctx): Promise<{ files: RemoteFile[]; until: string | undefined }> {
  // Twice as many as are wanted, for what lies between.
  const limit = Math.min(PAGE_AT_MOST, sorted.length * 2)
  const files = await remote.list(findSharedStart(sorted), { after: sorted[0]?.slice(0, -1) ?? '', limit }, ctx)
  return { files, until: files.length < limit ? undefined : files.at(-1)?.key }
}

/** The longest beginning that all have. Of sorted ones, the first and the last say it. */
function findSharedStart(sorted: string[]): string {
  const first = sorted[0] ?? ''
  const last = sorted.at(-1) ?? ''
  let length = 0
  while (length < first.length && first[length] === last[length]) length += 1
  return first.slice(0, length)
}
