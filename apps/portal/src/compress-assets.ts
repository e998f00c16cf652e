// Compresses text assets once at build time, so that serving is reading a file.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const toGzip = promisify(gzip)
const toBrotli = promisify(brotliCompress)
const text = new Set(['.js', '.css', '.html', '.svg', '.json', '.txt'])

/** Writes `name.gz` and `name.br` beside every text file of at least 1 kB. */
export async function compressAssets(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && text.has(extname(entry.name))).map((entry) => join(entry.parentPath, entry.name))
  await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(file)
      if (bytes.length < 1_000) return
      const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }
      await Promise.all([toGzip(bytes, { level: 9 }).then((out) => writeFile(`${file}.gz`, out)), toBrotli(bytes, brotli).then((out) => writeFile(`${file}.br`, out))])
    }),
  )
}
