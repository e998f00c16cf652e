// A folder that plays the object store: "far:a/b" is the file a/b in it, and every question is counted.
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RemoteFile, RemoteFiles } from '../src/index.ts'

export type CountedFiles = RemoteFiles & { asked: { find: number; list: number; get: number }; toLocation(path: string): string }

export function createFolderOfFiles(folder: string): CountedFiles {
  const asked = { find: 0, list: 0, get: 0 }
  const find = async (key: string): Promise<RemoteFile | undefined> => {
    const info = await stat(join(folder, key)).catch(() => undefined)
    return info?.isFile() !== true ? undefined : { key, sizeBytes: info.size, version: `${info.ino}-${info.mtimeMs}` }
  }
  return {
    asked,
    toLocation: (path) => path.replace(`${folder}/`, 'far:'),
    findKey: (location) => (location.startsWith('far:') ? location.slice('far:'.length) : undefined),
    async find(key) {
      asked.find += 1
      return find(key)
    },
    async list(prefix, { after, limit }) {
      asked.list += 1
      const names = await readdir(folder, { recursive: true })
      const keys = names.filter((name) => name.startsWith(prefix) && name > after).sort()
      return (await Promise.all(keys.map(find))).filter((file) => file !== undefined).slice(0, limit)
    },
    async get(key, { range }) {
      asked.get += 1
      const bytes = await readFile(join(folder, key))
      return range === undefined ? bytes : bytes.subarray(range.start, range.end)
    },
  }
}
