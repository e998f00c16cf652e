// Checks of an endpoint as one query over the staged file, and what its one row says.
import type { CheckDefinition, CheckResult } from '../contract.ts'
import { quoteName } from './sql-text.ts'

/** Name under which the query reads the staged file. */
export const STAGED = 'staged'

/** One SELECT with the columns n (rows) and c0, c1, … (how many break check i); undefined when no check needs the data. */
export function toChecksSql(checks: CheckDefinition[]): string | undefined {
  const counts = checks.flatMap((check, index) => {
    const count = toCount(check)
    return count === undefined ? [] : [`${count} AS c${index}`]
  })
  return counts.length === 0 ? undefined : `SELECT count(*) AS n, ${counts.join(', ')} FROM ${STAGED}`
}

/** `row`: of that query, `{}` without one. */
export function readChecks(checks: CheckDefinition[], row: Record<string, unknown>, rows: number): CheckResult[] {
  return checks.map((check, index): CheckResult => {
    const broken = Number(row[`c${index}`] ?? 0)
    const base = { rule: check.rule, action: check.action }
    switch (check.rule) {
      case 'not-null':
        return { ...base, subject: check.column, passed: broken <= (check.maxShare ?? 0) * rows, found: `${count(broken)} of ${count(rows)} rows are null` }
      case 'unique':
        return { ...base, subject: check.columns.join(', '), passed: broken === 0, found: `${count(broken)} of ${count(rows)} rows repeat another` }
      case 'range':
        return { ...base, subject: check.column, passed: broken === 0, found: `${count(broken)} of ${count(rows)} rows are ${toOutside(check.min, check.max)}` }
      case 'min-rows':
        return { ...base, subject: '', passed: rows >= check.rows, found: `${count(rows)} rows, at least ${count(check.rows)} expected` }
    }
  })
}

const COUNTS = new Intl.NumberFormat('en-US')
const count = (rows: number): string => COUNTS.format(rows)

function toOutside(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `outside ${min} to ${max}`
  return min !== undefined ? `below ${min}` : `above ${max ?? '∞'}`
}

function toCount(check: CheckDefinition): string | undefined {
  if (check.rule === 'min-rows') return undefined
  if (check.rule === 'not-null') return `count(*) FILTER (WHERE ${quoteName(check.column)} IS NULL)`
  if (check.rule === 'unique') return `count(*) - count(DISTINCT (${check.columns.map(quoteName).join(', ')}))`
  const outside = [check.min === undefined ? [] : `${quoteName(check.column)} < ${check.min}`, check.max === undefined ? [] : `${quoteName(check.column)} > ${check.max}`].flat()
  return `count(*) FILTER (WHERE ${outside.length === 0 ? 'false' : outside.join(' OR ')})`
}
