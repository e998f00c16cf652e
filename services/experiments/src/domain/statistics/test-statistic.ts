// From an estimate and its standard error to an interval and a p value, one- or two-sided, normal or Student.
import { computeNormalTail, computeNormalTailQuantile } from './normal.ts'
import { computeStudentTail, computeStudentTailQuantile } from './student-t.ts'

export type Sides = 'two' | 'greater' | 'less'
export type Tested = { statistic: number; ciLower: number | null; ciUpper: number | null; p: number }

/** `df` undefined: normal tails. A one-sided interval is open (null) on its other side. */
export function computeTest(estimate: number, se: number, alpha: number, sides: Sides, nullValue: number, df?: number): Tested {
  const tail = (x: number): number => (df === undefined ? computeNormalTail(x) : computeStudentTail(x, df))
  const half = se * (df === undefined ? computeNormalTailQuantile(sides === 'two' ? alpha / 2 : alpha) : computeStudentTailQuantile(sides === 'two' ? alpha / 2 : alpha, df))
  const statistic = (estimate - nullValue) / se
  return {
    statistic,
    ciLower: sides === 'less' ? null : estimate - half,
    ciUpper: sides === 'greater' ? null : estimate + half,
    p: sides === 'two' ? Math.min(1, 2 * tail(Math.abs(statistic))) : tail(sides === 'greater' ? statistic : -statistic),
  }
}
