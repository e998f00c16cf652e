// All checks of the house: npm run check [-- PART-OF-A-NAME…]. Every check runs; the exit code says whether all held.
import { resolve } from 'node:path'
import { styleText } from 'node:util'
import { checks } from './checks/checks.ts'

const root = resolve(import.meta.dirname, '..', '..')
const filters = process.argv.slice(2)
const chosen = checks.filter(({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)))

if (chosen.length === 0) {
  process.stderr.write(`No check is called ${filters.map((filter) => `"${filter}"`).join(' or ')}; there are: ${checks.map(({ name }) => name).join(', ')}.\n`)
  process.exit(2)
}

let failed = 0
for (const { name, run } of chosen) {
  const startMs = performance.now()
  const { ok, output } = await run(root).catch((thrown: unknown) => ({ ok: false, output: String(thrown) }))
  const time = `${((performance.now() - startMs) / 1000).toFixed(1)} s`.padStart(7)
  process.stdout.write(`${ok ? styleText('green', '✔') : styleText('red', '✖')} ${name.padEnd(16)}${time}\n`)
  if (ok) continue
  failed += 1
  process.stdout.write(`${output.replaceAll(/^/gm, '  ')}\n`)
}
process.stdout.write(failed === 0 ? `All ${chosen.length} checks hold.\n` : `${failed} of ${chosen.length} checks failed.\n`)
process.exitCode = failed === 0 ? 0 : 1
