// The published worked analyses, when they lie beside the repository.
import assert from 'node:assert/strict'
import { readFileSync, existsSync } from 'node:fs'
import { test } from 'node:test'
import { analyse, type AnalysisCase } from '../src/domain/analyse.ts'

const file = new URL('../../../../shared/specs/experiments-reference.json', import.meta.url)
type Case = AnalysisCase & { expect: Record<string, unknown>; tolerance: { relative: number; absolute: number } }

test('EX40 every published case is met within its tolerance', { skip: existsSync(file) ? false : 'experiments-reference.json is not beside the repository' }, () => {
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }
  const answers = analyse(cases)
  for (const [i, { id, expect, tolerance }] of cases.entries()) {
    const answer = answers[i]?.answer ?? {}
    for (const [field, expected] of Object.entries(expect)) assertClose(answer[field], expected, tolerance, `${id} ${field}`)
  }
})

function assertClose(actual: unknown, expected: unknown, tolerance: { relative: number; absolute: number }, where: string): void {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), where)
    for (const [i, value] of expected.entries()) assertClose((actual as unknown[])[i], value, tolerance, `${where}/${i}`)
  } else if (typeof expected === 'number') {
    const off = Math.abs((actual as number) - expected)
    assert.ok(off <= Math.max(tolerance.absolute, tolerance.relative * Math.abs(expected)), `${where}: ${String(actual)} instead of ${expected}`)
  } else assert.deepEqual(actual, expected, where)
}
