// One file as a page loads it: bundled and minified by the house's bundler.
import { build } from 'vite'

export async function bundleForPage(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    envDir: false,
    logLevel: 'error',
    build: { write: false, minify: true, target: 'es2022', modulePreload: false, rolldownOptions: { input: entry, preserveEntrySignatures: 'strict', output: { format: 'es' } } },
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (output === undefined || !('output' in output)) throw new Error('The bundler watched instead of building.')
  return output.output[0].code
}
