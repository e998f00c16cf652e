// A modal on the browser's own dialog element: it traps focus, gives it back, and closes on Esc.
// Esc is taken as a wish (`cancel`), not as a fact (`close`, told a task later): the page behind hears the very next key.
import { IconX } from '@tabler/icons-react'
import { useId, useLayoutEffect, useRef, type MouseEvent, type ReactNode, type SyntheticEvent } from 'react'
import styles from './dialog.module.css'

export type DialogProps = {
  title: string
  /** The title is heard but not seen. */
  bare?: boolean
  width?: number
  onClose: () => void
  children: ReactNode
}

export function Dialog({ title, bare = false, width = 620, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useLayoutEffect(() => {
    const box = dialog.current
    if (box !== null && !box.open) {
      box.showModal()
      findFirst(box)?.focus()
    }
    return () => box?.close()
  }, [])
  const cancel = (event: SyntheticEvent): void => {
    if (event.target !== dialog.current) return
    event.preventDefault()
    onClose()
  }
  const outside = (event: MouseEvent): void => {
    if (event.target === dialog.current) onClose()
  }
  return (
    <dialog ref={dialog} className={`${styles.dialog} ${bare ? styles.bare : ''}`} style={{ width }} aria-labelledby={id} onCancel={cancel} onMouseDown={outside}>
      <header className={bare ? 'hidden-word' : styles.head}>
        <h2 id={id}>{title}</h2>
        {!bare && <button type="button" className={styles.close} aria-label="Close" onClick={onClose}><IconX size={16} stroke={1.75} /></button>}
      </header>
      <div className={bare ? undefined : styles.body}>{children}</div>
    </dialog>
  )
}

const CONTROLS = 'a[href], button:not(:disabled)'

/** What somebody came for: the first field, else the first control of the body (where dialogs that ask put the harmless answer). Close only when there is nothing else. */
function findFirst(box: HTMLDialogElement): HTMLElement | null {
  if (box.querySelector('[data-autofocus]') !== null) return box.querySelector<HTMLElement>('[data-autofocus]')
  const body = box.lastElementChild
  return body?.querySelector<HTMLElement>('input:not(:disabled), textarea:not(:disabled), select:not(:disabled)') ?? body?.querySelector<HTMLElement>(CONTROLS) ?? null
}
