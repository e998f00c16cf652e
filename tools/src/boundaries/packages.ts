// The packages of the house: which name is which folder, and which file each of its subpaths opens.
import { readFile } from 'node:fs/promises'
import { posix, resolve } from 'node:path'
import { findFiles } from '../find-files.ts'

export type Package = { name: string; folder: string; exports: Map<string, string> }

export async function readPackages(root: string): Promise<Map<string, Package>> {
  const packages = new Map<string, Package>()
  for (const path of await findFiles(root, (name) => name.endsWith('/package.json'))) {
    const manifest = parseManifest(path, await readFile(resolve(root, path), 'utf8'))
    if (manifest.name === undefined) continue
    const folder = posix.dirname(path)
    const exports = new Map(Object.entries(manifest.exports ?? {}).map(([subpath, file]) => [subpath, posix.join(folder, file)]))
    packages.set(manifest.name, { name: manifest.name, folder, exports })
  }
  return packages
}

function parseManifest(path: string, text: string): { name?: string; exports?: Record<string, string> } {
  try {
    return JSON.parse(text) as { name?: string; exports?: Record<string, string> }
  } catch (cause) {
    throw new Error(`${path} is not JSON: ${String(cause)}`, { cause })
  }
}

/** "@rondo/events/contract" → name "@rondo/events", subpath "./contract". */
export function splitSpecifier(specifier: string): { name: string; subpath: string } {
  const parts = specifier.split('/')
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
  const rest = specifier.slice(name.length + 1)
  return { name, subpath: rest === '' ? '.' : `./${rest}` }
}
