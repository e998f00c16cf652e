// A modal on the browser's own dialog element: it traps focus, gives it back, and closes on Esc.
import { IconX } from '@tabler/icons-react'
import { useEffect, useId, useRef, type MouseEvent, type ReactNode } from 'react'
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
  useEffect(() => {
    const box = dialog.current
    if (box !== null && !box.open) box.showModal()
    return () => box?.close()
  }, [])
  const outside = (event: MouseEvent): void => {
    if (event.target === dialog.current) onClose()
  }
  return (
    <dialog ref={dialog} className={`${styles.dialog} ${bare ? styles.bare : ''}`} style={{ width }} aria-labelledby={id} onClose={onClose} onMouseDown={outside}>
      <header className={bare ? 'hidden-word' : styles.head}>
        <h2 id={id}>{title}</h2>
        {!bare && <button type="button" className={styles.close} aria-label="Close" onClick={onClose}><IconX size={16} stroke={1.75} /></button>}
      </header>
      <div className={bare ? undefined : styles.body}>{children}</div>
    </dialog>
  )
}
