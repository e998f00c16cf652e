// An anchor that moves within the portal without a page load, and behaves as an anchor in every other way.
import { useRouter } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, MouseEvent } from 'react'

/** Goes to a path of the portal, query included: `go('/events/track-played?hours=24')`. */
export function useGo(): (to: string, options?: { replace?: boolean }) => void {
  const router = useRouter()
  return (to, options) => (options?.replace === true ? router.history.replace(to) : router.history.push(to))
}

export type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> & {
  /** Path within the portal, for instance "/events/track-played". */
  to: string
}

export function Link({ to, onClick, ...rest }: LinkProps) {
  const go = useGo()
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event)
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0 || rest.target === '_blank'
    if (event.defaultPrevented || elsewhere) return
    event.preventDefault()
    go(to)
  }
  return <a {...rest} href={to} onClick={follow} />
}
