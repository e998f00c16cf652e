// Tests are rules: every rule of a SPEC.md has a test that names it, and every test beside a SPEC.md names a rule.
import { readFile } from 'node:fs/promises'
import { posix, resolve } from 'node:path'
import { findFiles } from '../find-files.ts'
import type { Violation } from '../violation.ts'

type Place = { file: string; line: number; column: number }

/** "**AB1**", "**AB1, AB2**", "**AB1–AB3**", or a list item that begins with the id. */
const RULE = /\*\*([A-Z]+\d+(?:(?:, |–)[A-Z]+\d+)*)\*\*|^- ([A-Z]+\d+) /gm
/** The title of a test, given to `test`, `it` or a function of a suite: as many ids as it is about, then words. */
const TITLE = /\b(\w+)\(\s*(['"`])((?:[A-Z]+\d+[ ,]+)*)/g

export async function checkSpecs(root: string): Promise<Violation[]> {
  const specs = await findFiles(root, (path) => posix.basename(path) === 'SPEC.md')
  const tests = await findFiles(root, (path) => /(\.test\.tsx?|(^|\/)[\w-]*conformance[\w-]*\.ts)$|(^|\/)test\/[^/]+\.ts$/.test(path))
  const violations: Violation[] = []
  const rules = new Map<string, Place>()
  for (const file of specs) {
    for (const { id, place } of readRules(file, await readFile(resolve(root, file), 'utf8'))) {
      const known = rules.get(id)
      if (known === undefined) rules.set(id, place)
      else violations.push({ ...place, rule: 'rule-once', message: `The rule ${id} stands in ${known.file}:${known.line} already. Give one of them another id.` })
    }
  }
  const tested = new Set<string>()
  for (const file of tests) {
    const isRuled = specs.some((spec) => file.startsWith(`${packageOf(spec)}/`))
    for (const { called, ids, place } of readTitles(file, await readFile(resolve(root, file), 'utf8'))) {
      for (const id of ids) {
        tested.add(id)
        if (!rules.has(id)) violations.push({ ...place, rule: 'rule-known', message: `The test names the rule ${id}, which no SPEC.md has. Write it down, or correct the id.` })
      }
      if (isRuled && ids.length === 0 && (called === 'test' || called === 'it')) violations.push({ ...place, rule: 'title-names-rule', message: 'The title does not begin with the rule that it holds. Begin it with the id of a rule of the SPEC.md.' })
    }
  }
  for (const [id, place] of rules) if (!tested.has(id)) violations.push({ ...place, rule: 'rule-tested', message: `No test holds the rule ${id}. Write one whose title begins with it, or take the rule out.` })
  return violations
}

/** "services/events/web/SPEC.md" → "services/events": pages and rooms share their tests' folder. */
function packageOf(spec: string): string {
  return spec.split('/').slice(0, -1).slice(0, 2).join('/')
}

function readRules(file: string, text: string): { id: string; place: Place }[] {
  return [...text.matchAll(RULE)].flatMap((match) => (match[1] ?? match[2] ?? '').split(', ').flatMap(expand).map((id) => ({ id, place: placeOf(file, text, match.index) })))
}

/** "AB1–AB3" → AB1, AB2, AB3. */
function expand(range: string): string[] {
  const [from = '', to = from] = range.split('–')
  const prefix = from.replace(/\d+$/, '')
  const [first, last] = [Number(from.slice(prefix.length)), Number(to.slice(prefix.length))]
  return Array.from({ length: last - first + 1 }, (_, at) => `${prefix}${first + at}`)
}

function readTitles(file: string, text: string): { called: string; ids: string[]; place: Place }[] {
  return [...text.matchAll(TITLE)].map((match) => ({ called: match[1] ?? '', ids: match[3]?.match(/[A-Z]+\d+/g) ?? [], place: placeOf(file, text, match.index) }))
}

function placeOf(file: string, text: string, index: number): Place {
  const before = text.slice(0, index)
  return { file, line: before.split('\n').length, column: index - before.lastIndexOf('\n') }
}
