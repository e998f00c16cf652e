// All pages there are: home here, the rest from the services that own them.
import { definePages, type PortalPage } from '@rondo/ui'
import { servicePages } from './service-pages.ts'

export const pages: PortalPage[] = [...definePages([{ path: '/', title: 'Loop', load: () => import('./home/home-page.tsx').then((module) => module.HomePage) }]), ...servicePages]
