// What is asked before an experiment starts, stops or ships: how many it concerns, and whether the readout agrees.
import { formatCount, formatShare, formatThings } from '@rondo/ui/format'
import type { Readout } from '../src/contract.ts'
import { sayCriterion } from './rule-words.ts'

export type Act = { kind: 'start' } | { kind: 'stop' } | { kind: 'ship'; variant: string }

type Known = Pick<Readout, 'exposures' | 'arms' | 'verdict'> & { experiment: Pick<Readout['experiment'], 'flag' | 'day' | 'definition'> }

export function sayAct(act: Act, { experiment, exposures, arms, verdict }: Known): { title: string; verb: string; says: string[] } {
  const { definition } = experiment
  const units = formatThings(exposures.units, 'unit')
  const inArm = (variant: string): number => arms.find((arm) => arm.variant === variant)?.units ?? 0
  if (act.kind === 'start') {
    const who = definition.when === undefined ? 'of everybody' : `of those where ${sayCriterion(definition.when)}`
    return {
      title: 'Start the experiment?',
      verb: 'Start the experiment',
      says: [`${formatShare(definition.share)} ${who} are split evenly over ${formatThings(definition.treatments.length + 1, 'arm')} of ${experiment.flag}, from now on for ${formatThings(definition.days, 'day')}. Its definition cannot be changed after that.`],
    }
  }
  if (act.kind === 'stop') {
    const losing = definition.treatments.reduce((sum, variant) => sum + inArm(variant), 0)
    return {
      title: `Stop and keep ${definition.control}?`,
      verb: exposures.units === 0 ? 'Stop the experiment' : `Stop for ${units}`,
      says: [
        exposures.units === 0
          ? 'Nobody has met the flag in a look yet; everybody falls back to the flag’s own rules at once.'
          : `${formatCount(losing)} of ${units} have a treatment and fall back to the flag’s own rules at once. The readout of day ${experiment.day} is frozen as it stands.`,
        ...(verdict.decision === 'ship' ? [`The readout says otherwise: ${verdict.sentence}`] : []),
      ],
    }
  }
  const gaining = exposures.units - inArm(act.variant)
  return {
    title: `Ship ${act.variant} to everyone?`,
    verb: `Ship ${act.variant}`,
    says: [
      exposures.units === 0
        ? `Nobody has met the flag in a look yet; everyone the experiment was for gets ${act.variant} from now on. It stays until the flag’s own rules are changed.`
        : `${formatCount(gaining)} of ${units} have another variant today; they and everyone else the experiment was for get ${act.variant} from now on. It stays until the flag’s own rules are changed.`,
      ...(verdict.decision === 'ship' && verdict.variant === act.variant ? [] : [`The readout does not say so: ${verdict.sentence}`]),
    ],
  }
}
