// The fixed places of the portal: the loop in order, then the house. An item shows only when some package brings its page.
import { IconActivity, IconBinaryTree2, IconBook2, IconBooks, IconBox, IconCertificate, IconDatabase, IconFlask, IconHeadphones, IconPlaylist, IconRepeat, IconScale, IconTemplate, IconTerminal2 } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Arc } from '../navigation/pages.ts'

export type Icon = ComponentType<{ size?: number | string; stroke?: number | string; className?: string }>

export type Place = {
  path: string
  label: string
  icon: Icon
  part: 'loop' | 'house'
  /** Pressed after `g`. */
  key?: string
  /** Pages under another path that belong here too. */
  also?: string[]
  /** The service whose pulse speaks for this place. */
  service?: string
}

export const places: Place[] = [
  { path: '/', label: 'Loop', icon: IconRepeat, part: 'loop', key: 'l' },
  { path: '/listeners', label: 'Listeners', icon: IconHeadphones, part: 'loop', key: 'p' },
  { path: '/events', label: 'Events', icon: IconActivity, part: 'loop', key: 'e', also: ['/erasure'], service: 'events' },
  { path: '/data', label: 'Data', icon: IconDatabase, part: 'loop', key: 'd', service: 'pipelines' },
  { path: '/models', label: 'Models', icon: IconBox, part: 'loop', key: 'm' },
  { path: '/recommendations', label: 'Recommendations', icon: IconPlaylist, part: 'loop', key: 'r', service: 'recommendations' },
  { path: '/experiments', label: 'Experiments', icon: IconFlask, part: 'loop', key: 'x', service: 'experiments' },
  { path: '/decisions', label: 'Decisions', icon: IconScale, part: 'loop' },
  { path: '/catalog', label: 'Catalog', icon: IconBooks, part: 'house', key: 'c', service: 'catalog' },
  { path: '/scorecards', label: 'Scorecards', icon: IconCertificate, part: 'house' },
  { path: '/fleet', label: 'Fleet', icon: IconBinaryTree2, part: 'house', key: 'f' },
  { path: '/templates', label: 'Templates', icon: IconTemplate, part: 'house' },
  { path: '/docs', label: 'Docs', icon: IconBook2, part: 'house' },
  { path: '/ask', label: 'Ask', icon: IconTerminal2, part: 'house' },
]

/** The icon at each station of the circle. */
export const stationIcons: Record<Arc, Icon> = {
  listen: IconHeadphones,
  events: IconActivity,
  datasets: IconDatabase,
  recommendations: IconPlaylist,
  experiments: IconFlask,
  decisions: IconScale,
}

/** The place a path belongs to: the longest one that begins it. */
export function placeOf(pathname: string, among: Place[]): Place | undefined {
  const isOf = (path: string): boolean => pathname === path || (path !== '/' && pathname.startsWith(`${path}/`))
  return among.filter(({ path, also = [] }) => isOf(path) || also.some(isOf)).toSorted((a, b) => b.path.length - a.path.length)[0]
}
