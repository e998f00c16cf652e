// What a service's `web/index.tsx` exports: its pages as data, each loaded only when somebody opens it.
import type { ComponentType } from 'react'

/** The six stations of the loop, clockwise from the top. */
export const arcs = ['listen', 'events', 'datasets', 'recommendations', 'experiments', 'decisions'] as const
export type Arc = (typeof arcs)[number]

export type PortalPage = {
  /** Parameters as `$name`, for instance "/events/$type". The first segment decides which item of the sidebar is current. */
  path: string
  /** Shown while the page loads, in the palette, and as the window's title until the page sets its own. */
  title: string
  /** Which arc the small ring in the header lights; none for pages of the house. */
  arc?: Arc
  /** `() => import('./events-page.tsx').then((module) => module.EventsPage)` */
  load: () => Promise<ComponentType>
}

export function definePages(pages: PortalPage[]): PortalPage[] {
  return pages
}
