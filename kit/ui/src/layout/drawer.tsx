// Looks closer without leaving the list: slides in at the right, traps focus and gives it back.
import { useFocusTrap } from '@mantine/hooks'
import { IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { commandKey, isTyping } from '../navigation/keys.ts'
import { Button } from './button.tsx'
import styles from './drawer.module.css'

export type DrawerProps = {
  title: ReactNode
  /** Name for those who do not see the title. */
  label: string
  /** Path of the full page. */
  to?: string
  width?: number
  onClose: () => void
  /** What gets the focus when it closes; what had it before, unless told. */
  returnTo?: () => HTMLElement | null | undefined
  children: ReactNode
}

export function Drawer({ title, label, to, width = 480, onClose, returnTo, children }: DrawerProps) {
  const trap = useFocusTrap(true)
  useFocusGivenBack(returnTo)
  const latest = useRef(onClose)
  useEffect(() => {
    latest.current = onClose
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open], [popover]:popover-open') !== null) return
      if (isTyping(event.target)) (event.target as HTMLElement).blur()
      else latest.current()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  })
  return (
    <aside ref={trap} className={styles.drawer} style={{ width }} role="dialog" aria-label={label}>
      <header className={styles.head}>
        <h2>{title}</h2>
        {to !== undefined && <Button kind="bare" to={to} hotkey={`${commandKey()} ↵`} data-autofocus>Open</Button>}
        <button type="button" className={styles.close} aria-label="Close" onClick={onClose}><IconX size={16} stroke={1.75} /></button>
      </header>
      <div className={styles.body}>{children}</div>
    </aside>
  )
}

/** What was focused before the drawer took it, or what stands for it now, gets it back. */
function useFocusGivenBack(returnTo: DrawerProps['returnTo']): void {
  const [opener] = useState(() => document.activeElement)
  const latest = useRef(returnTo)
  useEffect(() => {
    latest.current = returnTo
  })
  useEffect(() => () => {
    const target = latest.current?.() ?? opener
    const isElsewhere = document.activeElement !== null && document.activeElement !== document.body
    if (!isElsewhere && target instanceof HTMLElement && target.isConnected) target.focus({ preventScroll: true })
  }, [opener])
}
