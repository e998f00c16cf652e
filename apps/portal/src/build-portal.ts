// Builds the browser app once per state of its sources, into a cache that other starts find again.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { compressAssets } from './compress-assets.ts'
import { errors } from './errors.ts'
import { computeSourceHash } from './source-hash.ts'

export type BuildPortalOptions = {
  /** Folder that keeps builds, one folder a hash; `node_modules/.cache/rondo-portal` when absent. */
  outDir?: string
  /** Called with short lines such as "building the portal". Not called when the last build still holds. */
  onProgress?: (line: string) => void
}

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The folder with `index.html` and hashed assets. Vite is only loaded when something changed. Safe to call from several processes at once. Throws PORTAL_BUILD_FAILED. */
export async function buildPortal(options: BuildPortalOptions = {}): Promise<string> {
  const home = options.outDir ?? join(root, 'node_modules', '.cache', 'rondo-portal')
  const hash = computeSourceHash(root)
  const folder = join(home, hash)
  if (existsSync(join(folder, 'index.html'))) {
    const now = new Date()
    await utimes(folder, now, now)
    return folder
  }
  options.onProgress?.('building the portal')
  const began = performance.now()
  const draft = join(home, `.draft-${process.pid}-${hash}`)
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  try {
    const [{ build }, { createViteConfig }] = await Promise.all([import('vite'), import('./vite-config.ts')])
    await build(createViteConfig(join(root, 'apps', 'portal', 'web'), draft)).catch((cause: unknown) => {
      throw errors.buildFailed({ reason: stripVTControlCharacters(cause instanceof Error ? cause.message : String(cause)).trim() }, cause)
    })
    await compressAssets(draft)
    await writeFile(join(draft, 'build.json'), JSON.stringify({ hash }))
    await rename(draft, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (!existsSync(join(folder, 'index.html'))) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  await forgetOldBuilds(home)
  options.onProgress?.(`built the portal in ${((performance.now() - began) / 1000).toFixed(1)} s`)
  return folder
}

const KEPT_BUILDS = 4

/** The builds used last stay, so that going back and forth between branches costs nothing. Servers hold theirs in memory. */
async function forgetOldBuilds(home: string): Promise<void> {
  const names = (await readdir(home)).filter((name) => /^[0-9a-f]{16}$/.test(name))
  const dated = await Promise.all(names.map(async (name) => ({ name, usedMs: (await stat(join(home, name)).catch(() => undefined))?.mtimeMs ?? 0 })))
  for (const { name } of dated.toSorted((a, b) => b.usedMs - a.usedMs).slice(KEPT_BUILDS)) await rm(join(home, name), { recursive: true, force: true })
}
