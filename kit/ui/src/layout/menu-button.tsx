// A button with a menu in the browser's top layer: light dismissal and Esc come from the platform, keys from here.
import { IconCheck } from '@tabler/icons-react'
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import styles from './menu-button.module.css'

export type MenuItem = { id: string; label: ReactNode; detail?: ReactNode; checked?: boolean; run: () => void }
export type MenuGroup = { title?: string; items: MenuItem[] }

export type MenuButtonProps = {
  /** Name of the button when it shows only an icon. */
  label?: string
  /** Name of the menu when the button's text is not enough. */
  menuLabel?: string
  groups: MenuGroup[]
  align?: 'start' | 'end'
  className?: string
  /** The menu stays open after a choice, for several choices in a row. */
  sticky?: boolean
  children: ReactNode
}

export function MenuButton({ label, menuLabel = label, groups, align = 'start', className = '', sticky = false, children }: MenuButtonProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const [isOpen, setOpen] = useState(false)

  useLayoutEffect(() => {
    const box = menu.current
    if (!isOpen || box === null) return
    placeBeside(box, button.current, align)
    const entries = [...(menu.current?.querySelectorAll<HTMLButtonElement>('[role^=menuitem]') ?? [])]
    ;(entries.find((entry) => entry.ariaChecked === 'true') ?? entries[0])?.focus({ preventScroll: true })
  }, [isOpen, align])
  const move = (event: KeyboardEvent): void => {
    const entries = [...(menu.current?.querySelectorAll<HTMLButtonElement>('[role^=menuitem]') ?? [])]
    const at = entries.indexOf(document.activeElement as HTMLButtonElement)
    const step: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }
    const next = step[event.key]
    if (next === undefined) return
    event.preventDefault()
    event.stopPropagation()
    entries.at(next % entries.length)?.focus()
  }
  return (
    <>
      <button ref={button} type="button" className={className} aria-label={label} aria-haspopup="menu" aria-expanded={isOpen} popoverTarget={id}>{children}</button>
      <div ref={menu} id={id} popover="auto" role="menu" aria-label={menuLabel} className={styles.menu} onToggle={(event) => setOpen(event.newState === 'open')} onKeyDown={move}>
        {isOpen && groups.map((group, index) => (
          <div key={group.title ?? index} role="group" aria-label={group.title} className={styles.group}>
            {group.title !== undefined && <h3>{group.title}</h3>}
            {group.items.map((item) => (
              <button
                key={item.id}
                type="button"
                role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
                aria-checked={item.checked}
                className={styles.item}
                onClick={() => {
                  item.run()
                  if (!sticky) menu.current?.hidePopover()
                }}
              >
                {item.checked !== undefined && <IconCheck size={14} stroke={2} style={{ visibility: item.checked ? 'visible' : 'hidden' }} />}
                <span className="clip">{item.label}</span>
                {item.detail !== undefined && <span className={styles.detail}>{item.detail}</span>}
              </button>
            ))}
          </div>
        ))}
      </div>
    </>
  )
}

/** Below the button when there is room, else above; never outside of the window. */
function placeBeside(box: HTMLElement, button: HTMLElement | null, align: 'start' | 'end'): void {
  const anchor = button?.getBoundingClientRect()
  if (anchor === undefined) return
  const fitsBelow = anchor.bottom + 4 + box.offsetHeight <= window.innerHeight || anchor.top < box.offsetHeight
  const left = align === 'end' ? anchor.right - box.offsetWidth : anchor.left
  box.style.left = `${Math.max(8, Math.min(left, window.innerWidth - box.offsetWidth - 8))}px`
  box.style.top = `${fitsBelow ? anchor.bottom + 4 : anchor.top - box.offsetHeight - 4}px`
}
