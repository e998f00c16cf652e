// The pages of recommendations in the portal; each is loaded when somebody opens it.
import { definePages } from '@rondo/ui'

export const pages = definePages([
  { path: '/listeners', title: 'Listeners', arc: 'listen', load: () => import('./listeners-page.tsx').then((module) => module.ListenersPage) },
  { path: '/listeners/$user', title: 'Listener', arc: 'listen', load: () => import('./listener-page.tsx').then((module) => module.ListenerPage) },
  { path: '/recommendations', title: 'Recommendations', arc: 'recommendations', load: () => import('./recommendations-page.tsx').then((module) => module.RecommendationsPage) },
])
