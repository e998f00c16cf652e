// One hash over everything the browser app is made of; the same hash means the last build still holds.
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const sources = ['apps/portal/web/**/*', 'apps/portal/src/*.ts', 'kit/{ui,contract,context,errors}/src/**/*', 'kit/ui/package.json', 'services/*/web/**/*', 'services/*/src/contract.ts', 'apps/platform/src/contract.ts', 'package-lock.json']

/** 16 hex characters. Tests do not count. */
export function computeSourceHash(root: string): string {
  const hash = createHash('sha256')
  const entries = globSync(sources, { cwd: root, withFileTypes: true, exclude: (entry) => entry.name.endsWith('.test.ts') || entry.name === 'node_modules' })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).toSorted()
  for (const file of files) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex').slice(0, 16)
}
