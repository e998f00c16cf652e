// Puts software into the cache, once per version: built beside its place, then renamed into it.
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findErrno } from '@rondo/files'

export type Installer = {
  /** Absolute; never in the repository. */
  cache: string
  say: (line: string) => void
  /** The folder `software/NAME-VERSION` of the cache; `build` fills it when it is not there. */
  installOnce: (name: string, version: string, build: (folder: string) => Promise<void>) => Promise<string>
}

export function createInstaller(cache: string, say: (line: string) => void): Installer {
  return {
    cache,
    say,
    async installOnce(name, version, build) {
      const folder = join(cache, 'software', `${name}-${version}`)
      if (existsSync(folder)) return folder
      const startMs = performance.now()
      const draft = join(cache, 'software', `.${name}-${version}.${process.pid}`)
      say(`${name} ${version}: installing into ${folder}…`)
      await rm(draft, { recursive: true, force: true })
      await mkdir(draft, { recursive: true })
      try {
        await build(draft)
        await rename(draft, folder)
      } catch (error) {
        await rm(draft, { recursive: true, force: true })
        // Somebody else was faster: theirs is as good.
        if (findErrno(error) !== 'ENOTEMPTY' && findErrno(error) !== 'EEXIST') throw error
      }
      say(`${name} ${version}: installed in ${Math.round((performance.now() - startMs) / 1000)} s`)
      return folder
    },
  }
}
