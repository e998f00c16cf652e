// The pages of pipelines in the portal; each is loaded when somebody opens it.
import { definePages } from '@rondo/ui'

export const pages = definePages([
  { path: '/data', title: 'Data', arc: 'datasets', load: () => import('./data-page.tsx').then((module) => module.DataPage) },
  { path: '/data/runs', title: 'Runs', arc: 'datasets', load: () => import('./runs-page.tsx').then((module) => module.RunsPage) },
  { path: '/data/$name', title: 'Data endpoint', arc: 'datasets', load: () => import('./endpoint-page.tsx').then((module) => module.EndpointPage) },
  { path: '/ask', title: 'Ask', arc: 'datasets', load: () => import('./ask-page.tsx').then((module) => module.AskPage) },
])
