// Benchmarks across the house: npm run bench [-- NAME…] [--small] [--json FILE]. Every module below src/<room>/ or in a room's own bench/ that exports `run` is one.
import { readdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { formatTable } from './format-table.ts'
import { isBenchModule, type BenchResult } from './result.ts'

const source = import.meta.dirname
const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' }, small: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } } })

if (values.help === true) {
  process.stdout.write('npm run bench [-- NAME…] [--small] [--json FILE]\n\nRuns the benchmarks whose path has one of the names, all without names; --small does a tenth of the work. For instance npm run bench -- ingest --json bench.json\n')
  process.exit(0)
}

const checkout = resolve(source, '../..')
const services = join(checkout, 'services')
const rooms = (await readdir(services)).map((room) => join(services, room, 'bench')).filter((folder) => existsSync(folder))
const entries = (await Promise.all([source, ...rooms].map((folder) => readdir(folder, { recursive: true, withFileTypes: true })))).flat()
const files = entries
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') && entry.parentPath !== source)
  .map((entry) => relative(checkout, join(entry.parentPath, entry.name)).replace(/^bench\/src\//, ''))
  .sort()
const chosen = files.filter((file) => positionals.length === 0 || positionals.some((name) => file.includes(name)))

const rows: BenchResult[] = []
for (const file of chosen) {
  const loaded: unknown = await import(file.startsWith('services/') ? resolve(checkout, file) : resolve(source, file))
  if (!isBenchModule(loaded)) continue
  process.stderr.write(`${file}…\n`)
  rows.push(...(await loaded.run({ small: values.small })))
}
if (rows.length === 0) {
  process.stderr.write(positionals.length === 0 ? 'There is no benchmark yet.\n' : `No benchmark has ${positionals.map((name) => `"${name}"`).join(' or ')} in its path. There are: ${files.join(', ')}\n`)
  process.exit(2)
}
process.stdout.write(`${formatTable(rows)}\n`)
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ rows }, undefined, 2)}\n`)
process.exitCode = rows.some((row) => row.ok === false) ? 1 : 0
