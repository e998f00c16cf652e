// The frame around every page: sidebar or bottom bar, the sheet, keys, palette and help.
import { IconDots, IconSearch } from '@tabler/icons-react'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { usePathname } from '../navigation/address.ts'
import { Link, useGo } from '../navigation/link.tsx'
import { useOfferedActions } from '../navigation/actions.tsx'
import { useNarrow } from '../layout/use-fitting.ts'
import { commandKey, useKeys } from '../navigation/keys.ts'
import { useTypedAhead } from '../palette/use-typed-ahead.ts'
import { placeOf, places as allPlaces, type Place } from './places.ts'
import { Preferences } from './preferences.tsx'
import { ShellContext, type PaletteSearch } from './shell-context.ts'
import { Brand } from './where-ring.tsx'
import styles from './shell.module.css'

const Palette = lazy(() => import('../palette/palette.tsx').then((module) => ({ default: module.Palette })))
const HelpSheet = lazy(() => import('./help-sheet.tsx').then((module) => ({ default: module.HelpSheet })))
const MoreSheet = lazy(() => import('./help-sheet.tsx').then((module) => ({ default: module.MoreSheet })))

export type PlaceNote = { text: string; tone?: 'bad' | 'late' | 'blocked' }

export type ShellProps = {
  /** Paths of all pages there are; places without one are left out. */
  paths: string[]
  /** What stands beside a place's name, by its path: "46", "1 failed". */
  notes?: Record<string, PlaceNote>
  /** Shown above the person at the foot of the sidebar, for instance that the world is simulated. */
  footnote?: ReactNode
  person?: { name: string; detail?: string }
  search?: PaletteSearch
  children: ReactNode
}

/** In the bar at the bottom: these on a phone, these and the others on a tablet; the rest is under More. */
const phonePaths = ['/', '/listeners', '/data', '/experiments']
const tabletPaths = [...phonePaths, '/events', '/recommendations', '/catalog']

export function Shell({ paths, notes = {}, footnote, person, search, children }: ShellProps) {
  const pathname = usePathname()
  const go = useGo()
  const actions = useOfferedActions()
  const [open, setOpen] = useState<'palette' | 'help' | 'more' | undefined>()
  const waitsForPlace = useRef(0)
  const typed = useTypedAhead(open === 'palette')
  const main = useRef<HTMLElement>(null)
  const firstPath = useRef(pathname)
  const places = useMemo(() => allPlaces.filter((place) => paths.includes(place.path)), [paths])
  const current = placeOf(pathname, places)
  const close = useCallback(() => setOpen(undefined), [])

  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setOpen((now) => (now === 'palette' ? undefined : 'palette'))
      }
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])

  useEffect(() => {
    const timer = setTimeout(() => void import('../palette/palette.tsx'), 2_000)
    return () => clearTimeout(timer)
  }, [])

  useEffect(() => {
    if (firstPath.current === pathname) return
    firstPath.current = pathname
    window.scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [pathname])

  useKeys((key, event) => {
    if (waitsForPlace.current > event.timeStamp) {
      waitsForPlace.current = 0
      const place = places.find((one) => one.key === key.toLowerCase())
      if (place !== undefined) go(place.path)
      return place !== undefined
    }
    if (key === 'g') {
      waitsForPlace.current = event.timeStamp + 1_500
      return true
    }
    if (key === '?') {
      setOpen('help')
      return true
    }
    const action = actions.find((one) => one.key === key)
    action?.run()
    return action !== undefined
  }, open === undefined)

  const context = useMemo(() => ({ openPalette: () => setOpen('palette'), openHelp: () => setOpen('help') }), [])
  const barPaths = useNarrow() ? phonePaths : tabletPaths
  const bar = places.filter((place) => barPaths.includes(place.path))
  const isUnderMore = current !== undefined && !bar.includes(current)

  return (
    <ShellContext value={context}>
      <a className={styles.skip} href="#content">Skip to the page</a>
      <div className={styles.app}>
        <aside className={styles.side}>
          <Link className={styles.brand} to="/"><Brand />Rondo</Link>
          <button type="button" className={styles.find} onClick={context.openPalette} aria-keyshortcuts="Meta+K Control+K">
            <IconSearch size={14} stroke={1.75} />
            <span>Find or do</span>
            <kbd>{commandKey()} K</kbd>
          </button>
          <PlaceList title="The loop" part="loop" places={places} current={current} notes={notes} />
          <PlaceList title="The house" part="house" places={places} current={current} notes={notes} />
          <div className={styles.foot}>
            {footnote}
            <Preferences person={person} />
          </div>
        </aside>
        <main className={styles.sheet} id="content" ref={main} tabIndex={-1}>{children}</main>
      </div>
      <nav className={styles.bar} aria-label="Main">
        {bar.map(({ path, label, icon: Mark }) => (
          <Link key={path} to={path} aria-current={current?.path === path ? 'page' : undefined}><Mark size={19} stroke={1.75} />{label}</Link>
        ))}
        <button type="button" onClick={() => setOpen('more')} aria-haspopup="dialog" aria-current={isUnderMore ? 'true' : undefined}><IconDots size={19} stroke={1.75} />More</button>
      </nav>
      <Suspense>
        {open === 'palette' && <Palette places={places} onClose={close} search={search} typed={typed} />}
        {open === 'help' && <HelpSheet places={places} onClose={close} />}
        {open === 'more' && <MoreSheet places={places} current={current} onClose={close} person={person} footnote={footnote} onFind={context.openPalette} />}
      </Suspense>
    </ShellContext>
  )
}

function PlaceList({ title, part, places, current, notes }: { title: string; part: Place['part']; places: Place[]; current: Place | undefined; notes: Record<string, PlaceNote> }) {
  const shown = places.filter((place) => place.part === part)
  if (shown.length === 0) return null
  return (
    <nav className={`${styles.nav} ${part === 'loop' ? styles.loop : ''}`} aria-label={title}>
      <h2>{title}</h2>
      {shown.map(({ path, label, icon: Mark }) => {
        const note = notes[path]
        return (
          <Link key={path} to={path} aria-current={current?.path === path ? 'page' : undefined}>
            <Mark size={16} stroke={1.75} />
            <span>{label}</span>
            {note !== undefined && <em className={note.tone}>{note.text}</em>}
          </Link>
        )
      })}
    </nav>
  )
}
