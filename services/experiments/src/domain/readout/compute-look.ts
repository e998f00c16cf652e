// One look as a whole: split, metrics, verdict and quality, from a sample and a plan.
import type { ExperimentDefinition, MetricDefinition, MetricRow, Readout, SampleRatio, Verdict } from '../../contract.ts'
import { testSampleRatio } from '../statistics/sample-ratio.ts'
import { computeMetrics, type FindBounds } from './compute-metrics.ts'
import { decide } from './decide.ts'
import type { Sample } from './sample.ts'
import { wordP, wordShare } from './wording.ts'

/** Below this, chance does not explain a split; small, because it is asked every day. */
export const SAMPLE_RATIO_ALERT = 0.001
/** Share of units in several variants from which on the data are marked. */
const SEVERAL_VARIANTS_WARNED = 0.01

export type ComputedLook = {
  look: number
  arms: Readout['arms']
  exposures: Readout['exposures']
  sampleRatio: SampleRatio | null
  metrics: MetricRow[]
  verdict: Verdict
  quality: Readout['quality']
}

export function computeLook(definition: ExperimentDefinition, metrics: ReadonlyMap<string, MetricDefinition>, sample: Sample, look: number, findBounds: FindBounds): ComputedLook {
  const variants = [definition.control, ...definition.treatments]
  const counts = variants.map((variant) => sample.arms.find((arm) => arm.variant === variant)?.units ?? 0)
  const units = counts.reduce((sum, count) => sum + count, 0)
  const sampleRatio = testSampleRatio(counts, variants.map(() => 1), SAMPLE_RATIO_ALERT) ?? null
  const rows = computeMetrics(definition, metrics, sample, look, findBounds)
  const all = units + sample.inSeveralVariants
  const several = all === 0 ? 0 : sample.inSeveralVariants / all
  return {
    look,
    arms: variants.map((variant, i) => ({
      variant,
      role: i === 0 ? 'control' : 'treatment',
      units: counts[i] ?? 0,
      share: units === 0 ? 0 : (counts[i] ?? 0) / units,
      expectedShare: 1 / variants.length,
    })),
    exposures: { units, inSeveralVariants: sample.inSeveralVariants },
    sampleRatio,
    metrics: rows,
    verdict: decide({ definition, look, metrics: rows, sampleRatio }),
    quality: [
      {
        check: 'Split',
        state: sampleRatio === null ? 'waiting' : sampleRatio.alert ? 'failed' : 'healthy',
        text: sampleRatio === null ? 'No unit yet' : `${counts.map((count) => `${((count / units) * 100).toFixed(2)} %`).join(' to ')}, ${wordP(sampleRatio.p)}`,
      },
      { check: 'Exposure', state: units === 0 ? 'silent' : 'healthy', text: `${units.toLocaleString('en-US')} exposed` },
      {
        check: 'One variant each',
        state: several > SEVERAL_VARIANTS_WARNED ? 'warned' : 'healthy',
        text: `${sample.inSeveralVariants.toLocaleString('en-US')} in several${several > 0 ? `, ${wordShare(several)}, left out` : ''}`,
      },
    ],
  }
}
