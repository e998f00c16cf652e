// An accepted event in one line: what it says, without the names of its fields.

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 2, hourCycle: 'h23' })

/** "09:42:18.28" in the viewer's zone. */
export function formatMoment(iso: string): string {
  const ms = Date.parse(iso)
  return Number.isNaN(ms) ? '—' : clock.format(ms)
}

/** Values in the order of the event, durations in seconds, at most `most` of them; nested ones are left out. */
export function toWords(properties: Record<string, unknown>, most = 6): string[] {
  return Object.entries(properties).flatMap(([name, value]) => toWord(name, value)).slice(0, most)
}

/** The few that tell most in a narrow place: the first text, the last duration, the last text. */
export function toShortWords(properties: Record<string, unknown>): string[] {
  const entries = Object.entries(properties).filter(([name, value]) => toWord(name, value).length > 0)
  const texts = entries.filter(([, value]) => typeof value === 'string' && !/^\d{4}-\d\d-\d\d/.test(value))
  const chosen = new Set([texts[0]?.[0], entries.findLast(([name, value]) => isDuration(name, value))?.[0], texts.at(-1)?.[0]])
  const few = entries.filter(([name]) => chosen.has(name))
  return (few.length > 0 ? few : entries.slice(0, 2)).flatMap(([name, value]) => toWord(name, value))
}

const isDuration = (name: string, value: unknown): value is number => typeof value === 'number' && /ms$/i.test(name)

function toWord(name: string, value: unknown): string[] {
  if (isDuration(name, value)) return [`${Math.round(value / 1000)} s`]
  if (typeof value === 'number') return [`${value}`]
  if (typeof value === 'boolean') return value ? [name] : []
  return typeof value === 'string' && value !== '' ? [value.length > 28 ? `${value.slice(0, 27)}…` : value] : []
}
