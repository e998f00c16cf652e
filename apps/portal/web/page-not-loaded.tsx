// A page whose code could not be fetched: it is opened as soon as the server answers again, or has a newer build.
import { AppError } from '@rondo/errors'
import { ErrorState } from '@rondo/ui'
import { isReloadDue } from './reload-once.ts'

const AGAIN_SECONDS = 4
const KEY = 'rondo-reloaded'

/** Why `load` failed, in words for a person. */
export function toNotLoaded(cause: unknown): AppError {
  return new AppError({ code: 'PAGE_NOT_LOADED', kind: 'unavailable', message: 'The server did not answer', help: 'A page is fetched when it is first opened. It opens by itself as soon as Rondo is back.', cause })
}

export function PageNotLoaded({ title, error }: { title: string; error: AppError }) {
  const isAutomatic = isReloadDue(sessionStorage.getItem(KEY), window.location.pathname, Date.now())
  return <ErrorState what={`Could not open ${title}`} error={error} onRetry={() => void reloadWhenBack()} {...(isAutomatic ? { againInSeconds: AGAIN_SECONDS } : {})} />
}

async function reloadWhenBack(): Promise<void> {
  const answers = await fetch('/', { cache: 'no-store' }).then((response) => response.ok, () => false)
  if (!answers) return
  sessionStorage.setItem(KEY, JSON.stringify({ path: window.location.pathname, at: Date.now() }))
  window.location.reload()
}
