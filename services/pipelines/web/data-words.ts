// Judgements about datasets in sentences, and the words for checks, promises and inputs.
import type { Attention } from '@rondo/contract'
import type { CheckDefinition, EndpointRow } from '@rondo/pipelines/contract'
import type { StateWord } from '@rondo/ui'
import { formatAge, formatCount, formatDuration, formatShare, formatThings, toMs } from '@rondo/ui/format'

/** How all of them stand, in one or two sentences; the worst first. */
export function sayHealth(rows: readonly EndpointRow[], attention: readonly Attention[]): string {
  const of = (state: StateWord): EndpointRow[] => rows.filter((row) => row.state === state)
  const failed = of('failed')
  const blocked = of('blocked')
  const late = of('late')
  const first = failed[0]
  if (first !== undefined) {
    const held = blocked.length === 0 ? '' : ` and holds back ${nameFew(blocked)}`
    const cause = attention.find((one) => one.subject === first.name)?.message
    return failed.length === 1 ? `${first.name} failed${held}.${cause === undefined ? '' : ` ${cause}`}` : `${nameFew(failed)} failed${held}.`
  }
  if (blocked.length > 0) return `${nameFew(blocked)} ${blocked.length === 1 ? 'is' : 'are'} held back by what ${blocked.length === 1 ? 'it reads' : 'they read'}.`
  if (late.length > 0) return `${nameFew(late)} ${late.length === 1 ? 'is' : 'are'} late. Everything else keeps its promise.`
  const silent = of('silent')
  if (silent.length > 0) return `${nameFew(silent)} fell silent. What is made from ${silent.length === 1 ? 'it' : 'them'} stops growing.`
  const warned = of('warned')
  if (warned.length > 0) return `Everything landed; ${nameFew(warned)} with a mark.`
  const waiting = of('waiting')
  if (waiting.length === rows.length) return 'Nothing has landed yet. The first event opens the first hour, and what is made from it follows.'
  return waiting.length === 0 ? `All ${formatCount(rows.length)} keep their promise.` : `Everything that is due keeps its promise; ${formatThings(waiting.length, 'endpoint')} ${waiting.length === 1 ? 'waits' : 'wait'} for a first partition.`
}

function nameFew(rows: readonly EndpointRow[]): string {
  const names = rows.map((row) => row.name)
  if (names.length <= 2) return names.join(' and ')
  return `${names[0]} and ${formatThings(names.length - 1, 'other')}`
}

/** What stands beside the glyph: how late, by whom held, or the word. */
export function sayState(row: Pick<EndpointRow, 'state' | 'late' | 'predicted'>, attention: Attention | undefined, nowMs: number): string {
  const word = row.state.charAt(0).toUpperCase() + row.state.slice(1)
  const since = toMs(attention?.since)
  if (row.state === 'late' && row.late.length > 0 && since !== null) return `Late ${formatAge(nowMs - since)}`
  if (row.state === 'late' && row.predicted?.late === true) return `${formatAge(Date.parse(row.predicted.landsAt) - Date.parse(row.predicted.dueAt))} late, predicted`
  return word
}

/** "within 2 h", "gold". */
export function sayPromise(slo: EndpointRow['slo']): string {
  return slo.landsWithinMinutes === null ? (slo.tier ?? '—') : `+ ${formatDuration(slo.landsWithinMinutes * 60_000)}`
}

export function sayCheck(check: CheckDefinition): string {
  switch (check.rule) {
    case 'not-null':
      return check.maxShare === undefined || check.maxShare === 0 ? `${check.column} is never null` : `${check.column} is null in at most ${formatShare(check.maxShare)}`
    case 'unique':
      return `${check.columns.join(', ')} ${check.columns.length === 1 ? 'is' : 'are together'} unique`
    case 'range':
      return check.min === undefined ? `${check.column} is at most ${check.max}` : check.max === undefined ? `${check.column} is at least ${check.min}` : `${check.column} is between ${check.min} and ${check.max}`
    case 'min-rows':
      return `at least ${formatThings(check.rows, 'row')}`
  }
}

/** The subject under which a run reports this check. */
export function subjectOf(check: CheckDefinition): string {
  return check.rule === 'unique' ? check.columns.join(', ') : check.rule === 'min-rows' ? '' : check.column
}

/** "the same day", "the last 56 partitions". */
export function sayReach(partitions: string): string {
  const trailing = /^trailing (\d+)$/.exec(partitions)?.[1]
  return trailing === undefined ? 'the same time' : `the last ${formatThings(Number(trailing), 'partition')}`
}

const units: Record<string, string> = { h: 'hour', d: 'day', w: 'week', y: 'year' }

/** "90d" is "90 days"; what is no such text stays as it is. */
export function sayRetention(retention: string): string {
  const [, count, unit] = /^(\d+)([hdwy])$/.exec(retention) ?? []
  return count === undefined || unit === undefined ? retention : `${count} ${units[unit]}${count === '1' ? '' : 's'}`
}

export const everyWords = { hourly: 'hour', daily: 'day', weekly: 'week', none: 'whole' } as const
