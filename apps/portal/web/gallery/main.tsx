// Every part of the kit on two pages, with sample data; built by the browser tests only, never part of the portal.
import '@rondo/ui/styles.css'
import { definePages, NowProvider, Shell, UiProvider, type PortalPage } from '@rondo/ui'
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, RouterProvider, type AnyRoute } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { ChartsPage } from './charts-page.tsx'
import { PartsPage } from './parts-page.tsx'

const pages: PortalPage[] = definePages([
  { path: '/', title: 'Loop', load: async () => PartsPage },
  { path: '/events', title: 'Events', load: async () => PartsPage },
  { path: '/events/$type', title: 'Event', load: async () => ChartsPage },
  { path: '/data', title: 'Data', load: async () => ChartsPage },
  { path: '/experiments', title: 'Experiments', load: async () => ChartsPage },
  { path: '/catalog', title: 'Catalog', load: async () => ChartsPage },
])

const root = createRootRoute({
  component: () => (
    <NowProvider read={() => Date.parse('2026-09-21T09:42:00Z')}>
      <Shell paths={pages.map((page) => page.path)} notes={{ '/events': { text: '46' }, '/data': { text: '1 failed', tone: 'bad' } }} person={{ name: 'Ines Kahle', detail: 'squad discovery' }} search={async (q) => [{ title: `${q}-daily`, kind: 'endpoint', path: '/data', owner: 'taste' }]}>
        <Outlet />
      </Shell>
    </NowProvider>
  ),
})
const children: AnyRoute[] = pages.map((page) => createRoute({ getParentRoute: () => root, path: page.path, component: lazyRouteComponent(async () => ({ default: await page.load() })) }))
const router = createRouter({ routeTree: root.addChildren(children) })

const element = document.getElementById('root')
if (element !== null) createRoot(element).render(<UiProvider><RouterProvider router={router} /></UiProvider>)
