// From a path to a page: every page is loaded when somebody opens it, inside the one frame.
import { Button, EmptyState, ErrorState, Page, Skeleton, usePathname } from '@rondo/ui'
import { toAppError, type AppError } from '@rondo/errors'
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type AnyRoute } from '@tanstack/react-router'
import { Frame } from './frame.tsx'
import { PageNotLoaded, toNotLoaded } from './page-not-loaded.tsx'
import { pages } from './pages.ts'

export function createPortalRouter() {
  const root = createRootRoute({ component: Frame, notFoundComponent: NoSuchPage })
  const children: AnyRoute[] = pages.map((page) =>
    createRoute({
      getParentRoute: () => root,
      path: page.path,
      component: lazyRouteComponent(async () => ({ default: await page.load().catch((cause: unknown) => Promise.reject(toNotLoaded(cause))) })),
      pendingComponent: () => <Page {...(page.arc === undefined ? {} : { arc: page.arc })} title={page.title}><Skeleton lines={8} /></Page>,
      errorComponent: ({ error, reset }) => <Page {...(page.arc === undefined ? {} : { arc: page.arc })} title={page.title}><PageFailed title={page.title} error={toAppError(error)} reset={reset} /></Page>,
    }),
  )
  return createRouter({
    routeTree: root.addChildren(children),
    defaultPendingMs: 150,
    defaultPendingMinMs: 0,
    scrollRestoration: true,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch: (search) => {
      const text = new URLSearchParams(Object.entries(search).map(([name, value]) => [name, String(value)])).toString()
      return text === '' ? '' : `?${text}`
    },
  })
}

function PageFailed({ title, error, reset }: { title: string; error: AppError; reset: () => void }) {
  return error.code === 'PAGE_NOT_LOADED' ? <PageNotLoaded title={title} error={error} /> : <ErrorState what="Could not show this page" error={error} onRetry={reset} />
}

function NoSuchPage() {
  const path = usePathname()
  return (
    <Page title="No such page">
      <EmptyState title={`Nothing is at ${path}.`} actions={<Button kind="go" to="/">Open the loop</Button>}>
        The address may be misspelt, or the room that shows it is not part of this deployment.
      </EmptyState>
    </Page>
  )
}
