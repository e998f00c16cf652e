// An accepted event in one line: what it says, without the names of its fields.
import { formatDuration } from '@rondo/ui'

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 2, hourCycle: 'h23' })

/** "09:42:18.28" in the viewer's zone. */
export function formatMoment(iso: string): string {
  const ms = Date.parse(iso)
  return Number.isNaN(ms) ? '—' : clock.format(ms)
}

/** Values in the order of the event, durations in words, at most `most` of them; nested ones are left out. */
export function toWords(properties: Record<string, unknown>, most = 4): string[] {
  return Object.entries(properties)
    .flatMap(([name, value]): string[] => {
      if (typeof value === 'number') return [/ms$/i.test(name) ? formatDuration(value) : `${value}`]
      if (typeof value === 'boolean') return value ? [name] : []
      return typeof value === 'string' && value !== '' ? [value.length > 28 ? `${value.slice(0, 27)}…` : value] : []
    })
    .slice(0, most)
}
