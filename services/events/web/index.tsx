// The pages of events in the portal; each is loaded when somebody opens it.
import { definePages } from '@rondo/ui'

export const pages = definePages([
  { path: '/events', title: 'Events', arc: 'events', load: () => import('./events-page.tsx').then((module) => module.EventsPage) },
  { path: '/events/$type', title: 'Event type', arc: 'events', load: () => import('./event-type-page.tsx').then((module) => module.EventTypePage) },
  { path: '/events/$type/dead', title: 'Dead letters', arc: 'events', load: () => import('./dead-page.tsx').then((module) => module.DeadPage) },
  { path: '/erasure', title: 'Find a person', arc: 'events', load: () => import('./erasure-page.tsx').then((module) => module.ErasurePage) },
])
