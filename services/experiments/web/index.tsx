// The pages of experiments in the portal; each is loaded when somebody opens it.
import { definePages } from '@rondo/ui'

export const pages = definePages([
  { path: '/experiments', title: 'Experiments', arc: 'experiments', load: () => import('./experiments-page.tsx').then((module) => module.ExperimentsPage) },
  { path: '/experiments/$id', title: 'Experiment', arc: 'experiments', load: () => import('./experiment-page.tsx').then((module) => module.ExperimentPage) },
  { path: '/decisions', title: 'Decisions', arc: 'decisions', load: () => import('./decisions-page.tsx').then((module) => module.DecisionsPage) },
])
