// The checks of the house, in the order they run: the cheapest and deepest first.
import { checkBoundaries } from '../boundaries/check-boundaries.ts'
import { formatViolation, type Violation } from '../violation.ts'
import { checkCatalog } from './check-catalog.ts'
import { checkSpecs } from './check-specs.ts'
import { runTool, type Outcome } from './run-command.ts'

export type Check = { name: string; run(root: string): Promise<Outcome> }

export const checks: Check[] = [
  { name: 'types', run: (root) => runTool(root, 'tsc', ['--noEmit', '-p', '.']) },
  { name: 'types of pages', run: (root) => runTool(root, 'tsc', ['--noEmit', '-p', 'tsconfig.web.json']) },
  { name: 'lint', run: (root) => runTool(root, 'oxlint', ['--type-aware', '--format', 'unix']) },
  { name: 'boundaries', run: async (root) => toOutcome(await checkBoundaries(root)) },
  { name: 'catalog', run: async (root) => toOutcome(await checkCatalog(root)) },
  { name: 'specs', run: async (root) => toOutcome(await checkSpecs(root)) },
  { name: 'dead code', run: (root) => runTool(root, 'knip', ['--no-progress', '--no-config-hints']) },
]

function toOutcome(violations: Violation[]): Outcome {
  return { ok: violations.length === 0, output: violations.map(formatViolation).join('\n') }
}
