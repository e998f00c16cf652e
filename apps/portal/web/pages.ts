// All pages there are: home here, the rest from the services that own them.
import { pages as catalogPages } from '@rondo/catalog/web'
import { pages as eventsPages } from '@rondo/events/web'
import { pages as experimentsPages } from '@rondo/experiments/web'
import { pages as pipelinesPages } from '@rondo/pipelines/web'
import { pages as recommendationsPages } from '@rondo/recommendations/web'
import { definePages, type PortalPage } from '@rondo/ui'

export const pages: PortalPage[] = [
  ...definePages([{ path: '/', title: 'Loop', load: () => import('./home/home-page.tsx').then((module) => module.HomePage) }]),
  ...eventsPages,
  ...pipelinesPages,
  ...recommendationsPages,
  ...experimentsPages,
  ...catalogPages,
]
