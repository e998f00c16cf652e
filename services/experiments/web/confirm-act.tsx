// Asks before an experiment starts, stops or ships, and names how many it concerns.
import { useState, type FormEvent } from 'react'
import { Button, Dialog, formatCount, formatShare, formatThings, useCall } from '@rondo/ui'
import { Textarea } from '@rondo/ui/forms'
import { experimentsContract, type Readout } from '../src/contract.ts'
import { sayCriterion } from './rule-words.ts'
import styles from './readout.module.css'

export type Act = { kind: 'start' } | { kind: 'stop' } | { kind: 'ship'; variant: string }

export function ConfirmAct({ act, readout, onClose }: { act: Act; readout: Readout; onClose: () => void }) {
  const { id } = readout.experiment
  const [note, setNote] = useState('')
  const start = useCall(experimentsContract, 'startExperiment')
  const stop = useCall(experimentsContract, 'stopExperiment')
  const { title, verb, says } = describe(act, readout)
  const failed = start.error ?? stop.error
  const go = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const body = { ...(note.trim() === '' ? {} : { note: note.trim() }), ...(act.kind === 'ship' ? { ship: act.variant } : {}) }
    const done = act.kind === 'start' ? await start.call({ id }) : await stop.call({ id, body })
    if (done !== undefined) onClose()
  }
  return (
    <Dialog title={title} width={520} onClose={onClose}>
      <form onSubmit={(event) => void go(event)} className={styles.confirm}>
        {says.map((sentence) => <p key={sentence}>{sentence}</p>)}
        {act.kind !== 'start' && <Textarea label="Why, for those who read it later" autosize={false} rows={2} value={note} onChange={(event) => setNote(event.currentTarget.value)} />}
        {failed !== undefined && <p className="bad" role="alert">{failed.message} {failed.help}</p>}
        <div className={styles.confirmActs}>
          <Button onClick={onClose}>Leave it</Button>
          <Button kind="go" type="submit" disabled={start.isCalling || stop.isCalling}>{verb}</Button>
        </div>
      </form>
    </Dialog>
  )
}

function describe(act: Act, { experiment, exposures, arms, verdict }: Readout): { title: string; verb: string; says: string[] } {
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
      verb: `Stop for ${units}`,
      says: [
        `${formatCount(losing)} of ${units} have a treatment and fall back to the flag’s own rules at once. The readout of day ${experiment.day} is frozen as it stands.`,
        ...(verdict.decision === 'ship' ? [`The readout says otherwise: ${verdict.sentence}`] : []),
      ],
    }
  }
  const gaining = exposures.units - inArm(act.variant)
  return {
    title: `Ship ${act.variant} to everyone?`,
    verb: `Ship ${act.variant}`,
    says: [
      `${formatCount(gaining)} of ${units} have another variant today; they and everyone else the experiment was for get ${act.variant} from now on. It stays until the flag’s own rules are changed.`,
      ...(verdict.decision === 'ship' && verdict.variant === act.variant ? [] : [`The readout does not say so: ${verdict.sentence}`]),
    ],
  }
}
