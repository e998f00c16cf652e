// Numbers and names as the portal words them.

/** 0.021 → "+2.1 %", with a true minus and a thin space. */
export function wordChange(share: number): string {
  const text = Math.abs(share * 100).toFixed(1)
  return `${text === '0.0' ? '' : share < 0 ? '−' : '+'}${text} %`
}

/** 0.0123 → "+0.0123": three digits, in the metric's own unit. */
export function wordDifference(value: number): string {
  const text = String(Number(Math.abs(value).toPrecision(3)))
  return `${text === '0' ? '' : value < 0 ? '−' : '+'}${text}`
}

/** 0.0412 → "p = 0.041"; never in powers of ten. */
export const wordP = (p: number): string => (p < 1e-6 ? 'p < 0.000001' : `p = ${Number(p.toPrecision(2)) < 1e-4 ? p.toFixed(7).replace(/0+$/, '') : Number(p.toPrecision(2))}`)

/** 0.05 → "5 %"; one decimal only where it says something. */
export const wordShare = (share: number): string => `${Number((share * 100).toFixed(share < 0.1 ? 1 : 0))} %`

export const wordInterval = (lower: number, upper: number): string => `${wordChange(lower)} to ${wordChange(upper)}`

/** "minutes-listened" → "minutes listened" */
export const wordName = (name: string): string => name.replaceAll(/[-_.]/g, ' ')

export const startSentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

export const wordDays = (days: number): string => (days === 1 ? '1 day' : `${days} days`)
export const wordMoreDays = (days: number): string => (days === 1 ? '1 more day gives' : `${days} more days give`)

export const joinWords = (words: readonly string[]): string => (words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`)
