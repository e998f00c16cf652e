// What one look reads: units and sums by arm, nothing about a single unit.
import type { Moments } from '../statistics/moments.ts'

export type ArmSample = { variant: string; units: number; /** By metric name. */ moments: Record<string, Moments> }

export type Sample = {
  arms: ArmSample[]
  /** Units exposed to more than one variant; they are in no arm. */
  inSeveralVariants: number
}
