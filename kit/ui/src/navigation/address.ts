// Every page's state is in its URL: these hooks read and write it as plain strings.
import { useLocation, useParams, useRouter } from '@tanstack/react-router'

export function usePathname(): string {
  return useLocation({ select: (location) => location.pathname })
}

/** A parameter of the page's path, for instance `usePathParam('type')` on "/events/$type"; "" when the path has none. */
export function usePathParam(name: string): string {
  const params = useParams({ strict: false }) as Record<string, string | undefined>
  return params[name] ?? ''
}

export function useQueryParams(): URLSearchParams {
  return new URLSearchParams(useLocation({ select: (location) => location.searchStr }))
}

type Change = Record<string, string | undefined>

/** Writes several parameters at once; undefined or "" removes one. Replaces the history entry unless `push` is set. */
export function useSetQuery(): (change: Change, options?: { push?: boolean }) => void {
  const router = useRouter()
  return (change, options) => {
    const { pathname, search, hash } = router.history.location
    const query = new URLSearchParams(search)
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined || value === '') query.delete(name)
      else query.set(name, value)
    }
    const text = query.toString()
    const to = `${pathname}${text === '' ? '' : `?${text}`}${hash}`
    if (options?.push === true) router.history.push(to)
    else router.history.replace(to)
  }
}

/** One parameter as state: `const [view, setView] = useQueryState('view', 'list')`. The fallback is not written to the URL. */
export function useQueryState(name: string, fallback = ''): [string, (value: string) => void] {
  const value = useQueryParams().get(name) ?? fallback
  const set = useSetQuery()
  return [value, (next) => set({ [name]: next === fallback ? undefined : next })]
}
