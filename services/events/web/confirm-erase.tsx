// Asks before a person is erased, names how many copies it concerns, and takes the id typed once more: nothing brings it back.
import { eventsContract } from '@rondo/events/contract'
import { Button, Dialog, useCall } from '@rondo/ui'
import { TextInput } from '@rondo/ui/forms'
import { useState, type FormEvent } from 'react'
import { sayErasure } from './audit-words.ts'
import styles from './erasure.module.css'

export type ConfirmEraseProps = { user: string; readable: number; plain: number; types: number; onClose: () => void; onErased: (keys: number) => void }

export function ConfirmErase({ user, readable, plain, types, onClose, onErased }: ConfirmEraseProps) {
  const erase = useCall(eventsContract, 'erase')
  const [typed, setTyped] = useState('')
  const { gone, stays } = sayErasure({ user, readable, plain, types })
  const go = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const done = typed === user ? await erase.call({ user }) : undefined
    if (done !== undefined) onErased(done.keys)
  }
  return (
    <Dialog title={`Erase ${user}?`} width={520} onClose={onClose}>
      <form className={styles.confirm} onSubmit={(event) => void go(event)}>
        <p>{gone}</p>
        <p className={styles.small}>{stays}</p>
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
