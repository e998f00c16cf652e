// Lets a workspace anywhere on the disk import "rondo" without installing it: the platform brings the authoring package.
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { dirname, join } from 'node:path'

const AUTHORING = pathToFileURL(join(dirname(fileURLToPath(import.meta.url)), '../../../../sdks/authoring/src/index.ts')).href

/** For the thread that calls it, once. */
export function registerAuthoring(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'rondo') return { url: AUTHORING, format: 'module-typescript', shortCircuit: true }
      const resolved = next(specifier, context)
      // A workspace needs no package.json to say that its files are modules.
      return resolved.format === undefined && /\.ts(\?|$)/.test(resolved.url) ? { ...resolved, format: 'module-typescript' } : resolved
    },
  })
}
