// Draws an entry in proportion to its weight; entries can be added.
import type { Random } from '@rondo/random'

export type WeightedSampler = {
  /** `weight` above 0. */
  add(value: number, weight: number): void
  /** O(log n). Throws RangeError when nothing was added. */
  draw(random: Random): number
}

export function createWeightedSampler(): WeightedSampler {
  const values: number[] = []
  /** Sums of the weights up to and with each entry. */
  const sums: number[] = []
  return {
    add(value, weight) {
      sums.push((sums.at(-1) ?? 0) + weight)
      values.push(value)
    },
    draw(random) {
      const at = random.next() * (sums.at(-1) ?? 0)
      let [low, high] = [0, sums.length - 1]
      while (low < high) {
        const middle = (low + high) >> 1
        if ((sums[middle] as number) > at) high = middle
        else low = middle + 1
      }
      const value = values[low]
      if (value === undefined) throw new RangeError('Nothing was added to draw from.')
      return value
    },
  }
}
