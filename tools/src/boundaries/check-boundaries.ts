// Checks every import of the house against the table in rules.ts, the purity of domains, and that no imports go round.
import { readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { posix, resolve } from 'node:path'
import { findFiles } from '../find-files.ts'
import type { Violation } from '../violation.ts'
import { findCycles } from './find-cycles.ts'
import { readPackages, splitSpecifier, type Package } from './packages.ts'
import { readSource, type Import } from './read-source.ts'
import { findRoom, type Room } from './room.ts'
import { rules, type Target } from './rules.ts'

const builtins = new Set(builtinModules)

export async function checkBoundaries(root: string): Promise<Violation[]> {
  const packages = await readPackages(root)
  const files = await findFiles(root, (path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !path.startsWith('kit/numerics/kernels/'))
  const graph = new Map<string, string[]>()
  const violations: Violation[] = []
  for (const file of files) {
    const room = findRoom(file)
    if (room === undefined) continue
    const source = readSource(file, await readFile(resolve(root, file), 'utf8'))
    if ('failure' in source) {
      violations.push({ file, line: 1, column: 1, rule: 'parses', message: source.failure })
      continue
    }
    const edges: string[] = []
    for (const imported of source.imports) {
      const led = follow(file, imported, packages)
      if (led.file !== undefined) edges.push(led.file)
      violations.push(...checkImport(file, room, imported, led.target))
    }
    graph.set(file, edges)
    if (room.part === 'domain') {
      for (const { what, line, column } of source.impurities) {
        violations.push({ file, line, column, rule: 'domain-is-pure', message: `The domain has no clock, chance, network or process of its own: "${what}" must be passed in.` })
      }
    }
  }
  for (const cycle of findCycles(graph)) {
    violations.push({ file: cycle[0] ?? '', line: 1, column: 1, rule: 'no-cycles', message: `These files import each other in a circle: ${cycle.join(', ')}.` })
  }
  return violations
}

function checkImport(file: string, room: Room, imported: Import, target: Target | undefined): Violation[] {
  const place = { file, line: imported.line, column: imported.column }
  if (target === undefined) return [{ ...place, rule: 'door-exists', message: `"${imported.specifier}" leads nowhere: the package does not export it.` }]
  return rules.flatMap((rule) => {
    const message = rule.check(room, target, imported)
    return message === undefined ? [] : [{ ...place, rule: rule.name, message }]
  })
}

function follow(from: string, imported: Import, packages: Map<string, Package>): { target: Target | undefined; file?: string } {
  const { specifier } = imported
  if (specifier.startsWith('.')) {
    const file = posix.normalize(posix.join(posix.dirname(from), specifier.replace(/[?#].*$/, '')))
    const room = findRoom(file)
    return room === undefined ? { target: { kind: 'library', name: specifier } } : { target: { kind: 'own', room }, file }
  }
  if (specifier.startsWith('node:') || builtins.has(specifier)) return { target: { kind: 'node', name: specifier } }
  const { name, subpath } = splitSpecifier(specifier)
  const found = packages.get(name)
  if (found === undefined) return { target: { kind: 'library', name } }
  const file = found.exports.get(subpath)
  const room = findRoom(file ?? '')
  return file === undefined || room === undefined ? { target: undefined } : { target: { kind: 'package', room, name, subpath }, file }
}
