// Why an interval of a metric is missing or open, in words that stand after a colon.
import type { Interval, RelativeInterval } from '../../contract.ts'
import type { Comparison } from '../statistics/difference.ts'
import { computeArm } from '../statistics/moments.ts'

/** Means closer than this, relative, differ by rounding. */
const SAME = 1e-12

/** Null when both intervals are there and bounded. */
export function findCaveat({ type, control, treatment }: Comparison, absolute: Interval | null, relative: RelativeInterval | undefined): string | null {
  if (absolute !== null) {
    if (relative === undefined) return 'control is zero, so there is no relative change'
    return relative.lower === null ? 'control cannot be told from zero, so the relative change has no bounds' : null
  }
  if (control.n === 0 && treatment.n === 0) return 'no unit has been measured'
  if (control.n === 0) return 'no unit in control'
  if (treatment.n === 0) return 'no unit in the treatment'
  const arms = [computeArm(type, control), computeArm(type, treatment)] as const
  if (!arms.every((arm) => Number.isFinite(arm.value) && Number.isFinite(arm.variance ?? 0))) return 'values are too large to be summed, or no numbers'
  if (control.n < 2 || treatment.n < 2) return 'an arm has one unit, and a spread needs two'
  const [{ value: before }, { value: after }] = arms
  return Math.abs(after - before) <= SAME * Math.abs(before) ? 'every unit has the same value' : 'the values of each arm do not vary, and without spread nothing can be tested'
}
