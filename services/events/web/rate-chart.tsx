// Accepted events an hour beside their usual, over a day or a week.
import { LEAST_FOR_USUAL } from '@rondo/contract'
import type { HistoryRow } from '@rondo/events/contract'
import { formatCount, formatEffect, Section, TimeSeries, Views, useQueryState } from '@rondo/ui'
import { compareWithUsual, hourStartMs, toNotes } from './day-notes.ts'

const views = [{ id: '24', label: '24 hours' }, { id: '168', label: '7 days' }]

export function RateChart({ history, now }: { history: readonly HistoryRow[]; now: number }) {
  const [hours, setHours] = useQueryState('hours', '24')
  const notes = toNotes(history, now, hours === '168' ? 168 : 24)
  // The hour under way would look like a collapse: the line ends with the last whole one.
  const whole = notes.slice(0, -1)
  const points = whole.map((note) => ({ at: hourStartMs(note.at), value: note.value }))
  const usual = whole.flatMap((note) => (note.usual === null || note.spread === null ? [] : [{ at: hourStartMs(note.at), low: Math.max(0, note.usual - 2 * note.spread), high: note.usual + 2 * note.spread }]))
  const against = compareWithUsual(notes)
  const finding = `${formatCount(notes.at(-2)?.value ?? 0)} events in the last full hour${against === null ? ', with no usual to compare yet' : `, ${formatEffect(against, 0)} against the usual`}.`
  return (
    <Section title="Accepted an hour" hint={usual.length > 0 ? 'pale: within two spreads of the same hour of the week before' : `its usual is known after ${LEAST_FOR_USUAL} days`} aside={<Views items={views} current={hours} onChoose={setHours} label="Span" />}>
      <TimeSeries finding={finding} series={[{ name: 'accepted', points }]} usual={usual} height={190} format={formatCount} />
    </Section>
  )
}
