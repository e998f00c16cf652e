// Buttons are verbs with an object. One primary a view, in ink; the rest outlined or bare.
import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Link } from '../navigation/link.tsx'
import styles from './button.module.css'

export type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> & {
  kind?: 'go' | 'plain' | 'bare'
  icon?: ReactNode
  /** The key that does the same, shown faintly. */
  hotkey?: string
  /** Makes it a link to a page. */
  to?: string
  /** Keeps it in the header on narrow screens. */
  keep?: boolean
  children: ReactNode
}

export function Button({ kind = 'plain', icon, hotkey, to, keep = false, className = '', children, ...rest }: ButtonProps) {
  const classes = `${styles.button} ${kind === 'plain' ? '' : styles[kind]} ${className}`
  const inner = <>{icon}{children}{hotkey !== undefined && <kbd>{hotkey}</kbd>}</>
  if (to !== undefined) return <Link to={to} className={classes} data-keep={keep || undefined}>{inner}</Link>
  return <button type="button" {...rest} className={classes} data-keep={keep || undefined}>{inner}</button>
}
