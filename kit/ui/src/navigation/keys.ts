// Keys of the portal: one listener, which keeps still while somebody types.
import { useLayoutEffect, useRef } from 'react'

/** How the command key is written on this machine. */
export function commandKey(): string {
  return navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl'
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** Calls `handle` for keys pressed outside of inputs; return true when the key was used. Modifiers other than shift never arrive. */
export function useKeys(handle: (key: string, event: KeyboardEvent) => boolean, active = true): void {
  const latest = useRef(handle)
  useLayoutEffect(() => {
    latest.current = handle
  })
  useLayoutEffect(() => {
    if (!active) return undefined
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (latest.current(event.key, event)) event.preventDefault()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [active])
}
