// Who is signed in, and what they prefer: light or dark, and how dense rows are.
import { useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { MenuButton } from '../layout/menu-button.tsx'
import styles from './shell.module.css'

const schemes = { light: { icon: IconSun, label: 'Light' }, dark: { icon: IconMoon, label: 'Dark' }, auto: { icon: IconDeviceDesktop, label: 'As the system' } } as const
const densities = { standard: 'Standard rows', comfortable: 'Comfortable rows', compact: 'Compact rows' } as const
type Density = keyof typeof densities
const DENSITY_KEY = 'rondo-density'

const readDensity = (): Density => {
  const kept = localStorage.getItem(DENSITY_KEY) ?? ''
  return Object.hasOwn(densities, kept) ? (kept as Density) : 'standard'
}

export function Preferences({ person }: { person?: { name: string; detail?: string } | undefined }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [density, setDensity] = useState<Density>(readDensity)
  useEffect(() => {
    document.documentElement.dataset['density'] = density
    localStorage.setItem(DENSITY_KEY, density)
  }, [density])
  const { icon: Icon, label } = schemes[colorScheme]
  const initials = (person?.name ?? 'You').split(/[\s-]+/).map((word) => word.charAt(0)).join('').slice(0, 2).toUpperCase()
  return (
    <div className={styles.who}>
      <span className={styles.initials} aria-hidden="true">{initials}</span>
      <span className="clip">
        {person?.name ?? 'This machine'}
        {person?.detail !== undefined && <><br /><span className={styles.detail}>{person.detail}</span></>}
      </span>
      <MenuButton
        className={styles.scheme ?? ''}
        label={`Appearance: ${label}`}
        align="end"
        groups={[
          { title: 'Appearance', items: (Object.keys(schemes) as (keyof typeof schemes)[]).map((key) => ({ id: key, label: schemes[key].label, checked: key === colorScheme, run: () => setColorScheme(key) })) },
          { title: 'Density', items: (Object.keys(densities) as Density[]).map((key) => ({ id: key, label: densities[key], checked: key === density, run: () => setDensity(key) })) },
        ]}
      >
        <Icon size={16} stroke={1.75} />
      </MenuButton>
    </div>
  )
}
