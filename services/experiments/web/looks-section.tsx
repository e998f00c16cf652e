// The main metric as it became known, look by look, between bounds that were set before the start.
import { Section, Sequential, useQueryState, Views } from '@rondo/ui'
import type { Readout } from '../src/contract.ts'
import { nameMetric, sayCaveat } from './experiment-words.ts'
import { listTreatments, sayLook, toSequence } from './readout-model.ts'

export function LooksSection({ readout }: { readout: Readout }) {
  const { experiment, looks, metrics, verdict } = readout
  const success = experiment.definition.success
  const [wanted, choose] = useQueryState('metric', success[0] ?? '')
  const metric = success.includes(wanted) ? wanted : (success[0] ?? '')
  const variant = verdict.variant ?? listTreatments(readout)[0] ?? ''
  const row = metrics.find((one) => one.metric === metric && one.variant === variant)
  const { points, bounds } = toSequence(readout, metric, variant)
  return (
    <Section
      title={nameMetric(metric)}
      hint={`difference of ${variant} to control, one look a day; bounds by O’Brien–Fleming spending${experiment.state === 'running' && looks.length < experiment.days ? ', ahead of today as this traffic would set them' : ''}`}
      aside={success.length > 1 && <Views label="Success metric" current={metric} onChoose={choose} items={success.map((name) => ({ id: name, label: nameMetric(name) }))} />}
    >
      {points.every((point) => point.estimate === null) ? <p className="quiet">{sayCaveat(row?.caveat ?? 'no look could tell')}</p> : <Sequential looks={points} planned={experiment.days} bounds={bounds} better={row?.better ?? 'higher'} {...(experiment.state === 'stopped' ? { lastLabel: 'stopped' } : {})} finding={sayLook(row, looks.at(-1)?.look ?? 0)} />}
    </Section>
  )
}
