// The one-time admin link: opening it gives the browser a session cookie and the link is spent.
import type { AccessService } from '@rondo/access'
import type { RawRequest, RawResponse, RawRoute } from '@rondo/contract'
import { toAppError } from '@rondo/errors'
import { SESSION_COOKIE } from '@rondo/host'
import { toLocalPath } from './local-path.ts'
import { showSignInPage } from './sign-in-page.ts'

export const SIGN_IN_PATH = '/sign-in'

/** `GET /sign-in?link=…&next=/path`: `link` is the secret or a text that holds it, `next` the page to come back to, on this origin only. */
export function createSignInRoutes(access: Pick<AccessService, 'redeemAdminLink'>, publicUrl?: string): RawRoute[] {
  return [
    {
      method: 'GET',
      path: SIGN_IN_PATH,
      access: 'open',
      async handle(request, ctx): Promise<RawResponse> {
        const next = toLocalPath(request.query.get('next') ?? '/')
        const given = request.query.get('link')
        if (given === null) return showSignInPage(401, 'Come in with a link.', next)
        try {
          const session = await access.redeemAdminLink(/rk_link_[\w-]+/.exec(given)?.[0] ?? given, ctx, request.peer)
          if (session === undefined) return showSignInPage(401, 'This link has been used, or has expired.', next)
          const cookie = `${SESSION_COOKIE}=${session.cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${Math.floor(session.maxAgeSeconds)}${isSecure(request, publicUrl) ? '; Secure' : ''}`
          return { status: 303, headers: { location: next, 'set-cookie': cookie } }
        } catch (thrown) {
          const { kind, message, help } = toAppError(thrown)
          if (kind !== 'limited') throw thrown
          return showSignInPage(429, `${message} ${help ?? ''}`, next)
        }
      },
    },
  ]
}

/** By https up to a proxy in front of us, which tells so or stands in the configuration. Who forges the header spoils only their own cookie. */
function isSecure({ headers }: RawRequest, publicUrl: string | undefined): boolean {
  const told = headers['x-forwarded-proto']?.split(',', 1)[0]?.trim() ?? /\bproto="?(\w+)/i.exec(headers['forwarded'] ?? '')?.[1]
  return told?.toLowerCase() === 'https' || publicUrl?.startsWith('https:') === true
}
