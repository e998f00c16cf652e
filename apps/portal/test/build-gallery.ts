// Builds the gallery of parts for the browser tests.
import { fileURLToPath } from 'node:url'
import { createViteConfig } from '../src/vite-config.ts'

export async function buildGallery(outDir: string): Promise<string> {
  const { build } = await import('vite')
  await build(createViteConfig(fileURLToPath(new URL('../web/gallery', import.meta.url)), outDir))
  return outDir
}
