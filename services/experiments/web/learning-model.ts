// What stopped experiments taught, by class and by time.
import { formatThings } from '@rondo/ui/format'
import type { Learning, LearningClass } from '../src/contract.ts'

/** From what taught most to what taught nothing, as they are stacked. */
export const learningClasses: { id: LearningClass; label: string; fill: string; taught: boolean }[] = [
  { id: 'win', label: 'Win', fill: 'var(--ink)', taught: true },
  { id: 'regression found', label: 'Regression found', fill: 'var(--tonic)', taught: true },
  { id: 'neutral and powered', label: 'Neutral, well measured', fill: 'var(--tonic-2)', taught: true },
  { id: 'inconclusive', label: 'Inconclusive', fill: 'var(--line-2)', taught: false },
  { id: 'invalid', label: 'Invalid', fill: 'hatch', taught: false },
]

export const nameClass = (id: LearningClass): string => learningClasses.find((one) => one.id === id)?.label ?? id

/** "Of 5 experiments that stopped, 3 told us something we can act on; 1 kept a regression away from listeners." */
export function sayLearned({ total, classes }: Pick<Learning, 'total' | 'classes'>): string {
  const regressions = classes.find((one) => one.learningClass === 'regression found')?.experiments ?? 0
  const begin = total.stopped === 1 ? 'One experiment stopped' : `Of ${formatThings(total.stopped, 'experiment')} that stopped`
  const told = total.stopped === 1 ? (total.learned === 1 ? ', and it told us something we can act on' : ', and it told us nothing we can act on') : `, ${total.learned === 0 ? 'none' : total.learned} told us something we can act on`
  const kept = regressions === 0 ? '' : total.stopped === 1 ? ': it kept a regression away from listeners' : `; ${regressions} kept a regression away from listeners`
  return `${begin}${told}${kept}.`
}

export type Period = { key: string; label: string; counts: Record<LearningClass, number>; stopped: number; learned: number }

const DAY_MS = 86_400_000
const MOST_PERIODS = 8
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export type PeriodKind = 'week' | 'month' | 'quarter'

/** The last eight periods with a stopped experiment in order, by weeks, months or quarters, whichever the span of time asks for (UTC). */
export function toPeriods(rows: readonly Pick<Learning['rows'][number], 'stoppedAt' | 'learningClass'>[]): { kind: PeriodKind; periods: Period[] } {
  const instants = rows.map((row) => Date.parse(row.stoppedAt))
  const span = instants.length === 0 ? 0 : Math.max(...instants) - Math.min(...instants)
  const kind: PeriodKind = span > 240 * DAY_MS ? 'quarter' : span > 56 * DAY_MS ? 'month' : 'week'
  const found = new Map<string, Period>()
  for (const row of rows) {
    const { key, label } = namePeriod(kind, Date.parse(row.stoppedAt))
    const period = found.get(key) ?? { key, label, counts: { win: 0, 'regression found': 0, 'neutral and powered': 0, inconclusive: 0, invalid: 0 }, stopped: 0, learned: 0 }
    period.counts[row.learningClass] += 1
    period.stopped += 1
    if (learningClasses.find((one) => one.id === row.learningClass)?.taught === true) period.learned += 1
    found.set(key, period)
  }
  return { kind, periods: [...found.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(-MOST_PERIODS) }
}

function namePeriod(kind: PeriodKind, epochMs: number): { key: string; label: string } {
  const date = new Date(epochMs)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  if (kind === 'quarter') return { key: `${year}-${Math.floor(month / 3)}`, label: `Q${Math.floor(month / 3) + 1} ${String(year).slice(2)}` }
  if (kind === 'month') return { key: `${year}-${String(month).padStart(2, '0')}`, label: `${months[month]} ${String(year).slice(2)}` }
  const monday = new Date(epochMs - ((date.getUTCDay() + 6) % 7) * DAY_MS)
  return { key: monday.toISOString().slice(0, 10), label: `${monday.getUTCDate()} ${months[monday.getUTCMonth()]}` }
}
