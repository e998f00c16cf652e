// Axes of relative effects: round ends, labels with just the digits they need, and what does not fit.

const ends = [0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1, 1.5, 2, 3, 4, 6, 10]

/** The first round end of an axis that holds `wanted`; 0.02 is ±2 %. */
export function axisEnd(wanted: number): number {
  return ends.find((end) => end >= wanted) ?? wanted
}

/** Digits after the point that tell the labels 0, ±end/2 and ±end apart, in percent. */
export function axisDigits(end: number): number {
  return [0, 1].find((digits) => Number.isInteger(Math.round(end * 50 * 10 ** digits * 1e6) / 1e6)) ?? 2
}

export type Effect = { estimate: number | null; lower: number | null; upper: number | null; margin?: number | null | undefined }

/** An end that holds every estimate and margin, and intervals up to three times as wide as these. */
export function effectsEnd(rows: readonly Effect[]): number {
  const sizes = (values: (number | null | undefined)[]): number[] => values.filter((value) => value !== null && value !== undefined).map(Math.abs)
  const within = Math.max(0, ...sizes(rows.flatMap((row) => [row.estimate, row.margin])))
  const bounds = sizes(rows.flatMap((row) => [row.lower, row.upper]))
  const median = bounds.toSorted((a, b) => a - b)[Math.ceil(bounds.length / 2) - 1] ?? 0
  return axisEnd(Math.max(0.005, within * 1.05, Math.min(Math.max(0, ...bounds), 3 * Math.max(within, median))))
}

/** One end for all groups, or one a group where the widest would press the narrowest to a point. */
export function groupEnds(groups: readonly { rows: readonly Effect[] }[]): number[] {
  const each = groups.map((group) => effectsEnd(group.rows))
  const most = Math.max(...each)
  return most > 6 * Math.min(...each) ? each : each.map(() => most)
}

/** Where two labels of `height` stand so that neither covers the other: heights from the top, moved apart evenly. */
export function moveApart(upper: number, lower: number, height: number): [upper: number, lower: number] {
  const missing = Math.max(0, height - (lower - upper)) / 2
  return [upper - missing, lower + missing]
}
