// Everything a page relies on, in one place: theme, queries, actions, and the platform's clock.
import { toAppError } from '@rondo/errors'
import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useMemo, type ReactNode } from 'react'
import { ActionProvider } from './navigation/actions.tsx'
import { cssVariablesResolver, theme } from './theme/theme.ts'

/** Key in local storage under which light, dark or auto is kept; the page's head reads it before the first paint. */
export const SCHEME_KEY = 'rondo-scheme'

/** Only what may be otherwise a second later is asked again by itself. */
function mayPass(error: Error): boolean {
  return !['unauthenticated', 'forbidden', 'not-found', 'invalid', 'conflict'].includes(toAppError(error).kind)
}

export function UiProvider({ children }: { children: ReactNode }) {
  const queries = useMemo(
    () => new QueryClient({ defaultOptions: { queries: { staleTime: 2_000, retry: (failures, error) => failures < 1 && mayPass(error), retryDelay: 1_000, refetchOnWindowFocus: true }, mutations: { retry: false } } }),
    [],
  )
  const schemes = useMemo(() => localStorageColorSchemeManager({ key: SCHEME_KEY }), [])
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} colorSchemeManager={schemes} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <ActionProvider>{children}</ActionProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
