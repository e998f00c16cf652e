// A page: its header with the small ring, then whatever it shows. Sets the window's title.
import { IconCopy } from '@tabler/icons-react'
import { Fragment, useEffect, type ReactNode } from 'react'
import { MenuButton } from '../layout/menu-button.tsx'
import buttonStyles from '../layout/button.module.css'
import { Link } from '../navigation/link.tsx'
import type { Arc } from '../navigation/pages.ts'
import { WhereRing } from './where-ring.tsx'
import styles from './page.module.css'

export type Copyable = { command?: string; call?: string; link?: string }

export type PageProps = {
  arc?: Arc
  /** Draws the whole ring in ink: home only. */
  wholeLoop?: boolean
  title: ReactNode
  /** The window's title, when `title` is not text. */
  name?: string
  crumbs?: { label: string; to: string }[]
  /** Quiet words after the title: "46 types, 14 shown". Left out on narrow screens. */
  meta?: ReactNode
  /** Usually a StateGlyph. */
  state?: ReactNode
  /** At the right: owner, tags, live figures; stays on narrow screens. */
  aside?: ReactNode
  /** Buttons at the right, left out on narrow screens unless `keep`. */
  actions?: ReactNode
  /** Offers "Copy as". `link` is the page's own address unless given. */
  copy?: Copyable
  children: ReactNode
}

export function Page({ arc, wholeLoop = false, title, name, crumbs = [], meta, state, aside, actions, copy, children }: PageProps) {
  const text = name ?? (typeof title === 'string' ? title : undefined)
  useEffect(() => {
    if (text !== undefined) document.title = `${text} · Rondo`
  }, [text])
  return (
    <>
      <header className={styles.top}>
        <WhereRing arc={arc} all={wholeLoop} />
        <div className={styles.path}>
          {crumbs.map((crumb) => (
            <Fragment key={crumb.to}><Link className={styles.crumb} to={crumb.to}>{crumb.label}<span aria-hidden="true"> /</span></Link></Fragment>
          ))}
          <h1>{title}</h1>
        </div>
        {state}
        {meta !== undefined && <span className={styles.meta}>{meta}</span>}
        <span className={styles.space} />
        {aside !== undefined && <span className={`${styles.aside} ${state === undefined ? '' : styles.wide}`}>{aside}</span>}
        {copy !== undefined && <span className={`${styles.copy} ${styles.wide}`}><CopyAs {...copy} /></span>}
        {actions !== undefined && <span className={styles.actions}>{actions}</span>}
      </header>
      {children}
    </>
  )
}

/** "Copy as": the command, the API call, or the link that gives what is on the screen. */
export function CopyAs({ command, call, link }: Copyable) {
  const copy = (text: string): void => void navigator.clipboard?.writeText(text)
  const items = [
    ...(command === undefined ? [] : [{ id: 'command', label: 'Command', detail: <code>{command.slice(0, 24)}</code>, run: () => copy(command) }]),
    ...(call === undefined ? [] : [{ id: 'call', label: 'API call', run: () => copy(`curl ${new URL(call, window.location.origin).href}`) }]),
    { id: 'link', label: 'Link', run: () => copy(link ?? window.location.href) },
  ]
  return <MenuButton className={buttonStyles.button ?? ''} align="end" groups={[{ items }]}><IconCopy size={14} stroke={1.75} /><span>Copy as</span></MenuButton>
}

