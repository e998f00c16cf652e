// Two overlays that few people open: the list of keys, and the rest of the places on a narrow screen.
import { IconSearch } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Dialog } from '../layout/dialog.tsx'
import { useOfferedActions } from '../navigation/actions.tsx'
import { commandKey } from '../navigation/keys.ts'
import { Link } from '../navigation/link.tsx'
import type { Place } from './places.ts'
import { Preferences } from './preferences.tsx'
import styles from './help-sheet.module.css'

export function HelpSheet({ places, onClose }: { places: Place[]; onClose: () => void }) {
  const actions = useOfferedActions().filter((action) => action.key !== undefined)
  const groups: [string, [string, string][]][] = [
    ['Everywhere', [[`${commandKey()} K`, 'Find, do, ask'], ['/', 'Filter'], ['?', 'These keys'], ['Esc', 'Back, close']]],
    ['Go', places.filter((place) => place.key !== undefined).map((place) => [`G ${place.key?.toUpperCase()}`, place.label])],
    ['In a table', [['J K', 'Next, previous row'], ['Enter', 'Look closer'], [`${commandKey()} Enter`, 'Open the page']]],
    ['On this page', actions.map((action) => [action.key?.toUpperCase() ?? '', action.label])],
  ]
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div className={styles.groups}>
        {groups.filter(([, keys]) => keys.length > 0).map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>{keys.map(([key, does]) => <div key={key}><dt>{key.split(' ').map((part) => <kbd key={part}>{part}</kbd>)}</dt><dd>{does}</dd></div>)}</dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

export type MoreSheetProps = { places: Place[]; current: Place | undefined; person?: { name: string; detail?: string } | undefined; footnote?: ReactNode; onFind: () => void; onClose: () => void }

export function MoreSheet({ places, current, person, footnote, onFind, onClose }: MoreSheetProps) {
  return (
    <Dialog title="Rondo" onClose={onClose}>
      <button type="button" className={styles.find} onClick={onFind}><IconSearch size={16} stroke={1.75} />Find or do</button>
      <nav className={styles.places} aria-label="All places">
        {places.map(({ path, label, icon: Mark }) => (
          <Link key={path} to={path} aria-current={path === current?.path ? 'page' : undefined} onClick={onClose}><Mark size={18} stroke={1.75} />{label}</Link>
        ))}
      </nav>
      <div className={styles.foot}>{footnote}<Preferences person={person} /></div>
    </Dialog>
  )
}
