// Where an axis of time is labelled: at instants that were measured, about evenly, never in between.

/** At most `spans` + 1 of the instants (ascending), the first and the last among them. */
export function toTicks(instants: readonly number[], spans: number): number[] {
  const [from, to] = [instants[0], instants.at(-1)]
  if (from === undefined || to === undefined) return []
  const nearest = (at: number): number => instants.reduce((best, one) => (Math.abs(one - at) < Math.abs(best - at) ? one : best), from)
  return [...new Set(Array.from({ length: spans + 1 }, (_, index) => nearest(from + ((to - from) * index) / spans)))]
}
