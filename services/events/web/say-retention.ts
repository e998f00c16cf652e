// How long something is kept, as people say it.

const units: Record<string, string> = { h: 'hour', d: 'day', w: 'week', y: 'year' }

/** "90d" is "90 days"; what is no such text stays as it is. */
export function sayRetention(retention: string): string {
  const [, count, unit] = /^(\d+)([hdwy])$/.exec(retention) ?? []
  return count === undefined || unit === undefined ? retention : `${count} ${units[unit]}${count === '1' ? '' : 's'}`
}
