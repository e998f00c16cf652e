// Asks before a person is erased, names how many copies it concerns, and takes the id typed once more: nothing brings it back.
import { eventsContract } from '@rondo/events/contract'
import { Button, Dialog, formatThings, useCall } from '@rondo/ui'
import { TextInput } from '@rondo/ui/forms'
import { useState, type FormEvent } from 'react'
import styles from './erasure.module.css'

export type ConfirmEraseProps = { user: string; readable: number; plain: number; types: number; onClose: () => void; onErased: (keys: number) => void }

export function ConfirmErase({ user, readable, plain, types, onClose, onErased }: ConfirmEraseProps) {
  const erase = useCall(eventsContract, 'erase')
  const [typed, setTyped] = useState('')
  const go = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const done = typed === user ? await erase.call({ user }) : undefined
    if (done !== undefined) onErased(done.keys)
  }
  return (
    <Dialog title={`Erase ${user}?`} width={520} onClose={onClose}>
      <form className={styles.confirm} onSubmit={(event) => void go(event)}>
        <p>{formatThings(Math.max(0, readable - plain), 'copy', 'copies')} under a key, in {formatThings(types, 'event type')}, can never be read again by anybody: not here, not in a backup, not in a sealed export. There is no undo.</p>
        <p className={styles.small}>What stays: that events happened, when, and the fields that are not personal; counts and buckets do not change. Dead letters of {user} become empty and cannot be replayed. Sent again, {user} begins anew under a new key.{plain > 0 && ` ${formatThings(plain, 'record')} from before there were keys stay readable until their retention ends.`}</p>
        <TextInput classNames={{ input: styles.input ?? '' }} label={`Type ${user} to go on`} value={typed} autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.currentTarget.value)} />
        {erase.error !== undefined && <p className="bad" role="alert">{erase.error.message} {erase.error.help}</p>}
        <div className={styles.acts}>
          <Button onClick={onClose}>Leave it</Button>
          <Button kind="go" type="submit" disabled={typed !== user || erase.isCalling}>{erase.isCalling ? 'Erasing' : `Erase ${user}`}</Button>
        </div>
      </form>
    </Dialog>
  )
}
