// Asks before an experiment starts, stops or ships, and names how many it concerns.
import { useState, type FormEvent } from 'react'
import { Button, Dialog, useCall } from '@rondo/ui'
import { Textarea } from '@rondo/ui/forms'
import { experimentsContract, type Readout } from '../src/contract.ts'
import { sayAct, type Act } from './act-words.ts'
import styles from './readout.module.css'

export function ConfirmAct({ act, readout, onClose }: { act: Act; readout: Readout; onClose: () => void }) {
  const { id } = readout.experiment
  const [note, setNote] = useState('')
  const start = useCall(experimentsContract, 'startExperiment')
  const stop = useCall(experimentsContract, 'stopExperiment')
  const { title, verb, says } = sayAct(act, readout)
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
