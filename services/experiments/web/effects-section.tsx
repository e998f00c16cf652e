// Every metric's effect on one axis, under the role it was promised in.
import { Forest, Section, useQueryState, Views } from '@rondo/ui'
import type { Readout } from '../src/contract.ts'
import { listTreatments, toEffectGroups } from './readout-model.ts'

export function EffectsSection({ readout }: { readout: Readout }) {
  const treatments = listTreatments(readout)
  const fallback = readout.verdict.variant ?? treatments[0] ?? ''
  const [wanted, choose] = useQueryState('variant', fallback)
  const variant = treatments.includes(wanted) ? wanted : fallback
  const groups = toEffectGroups(readout.metrics, variant)
  const moved = groups.flatMap((group) => group.rows).filter((row) => row.decides)
  return (
    <Section
      title="Effects" hint={`of ${variant}, relative to ${readout.experiment.definition.control}; intervals hold over all looks`}
      aside={treatments.length > 1 && <Views label="Treatment" current={variant} onChoose={choose} items={treatments.map((name) => ({ id: name, label: name }))} />}
    >
      <Forest groups={groups} finding={moved.length === 0 ? 'No metric is clear yet' : moved.map((row) => `${row.metric}: ${row.reading.toLowerCase()}`).join('; ')} />
    </Section>
  )
}
