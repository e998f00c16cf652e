// The one-time admin link: opening it gives the browser a session cookie and the link is spent.
import type { AccessService } from '@rondo/access'
import type { RawResponse, RawRoute } from '@rondo/contract'
import { SESSION_COOKIE } from '@rondo/host'

export const SIGN_IN_PATH = '/sign-in'

/** `GET /sign-in?link=…&next=/path`: `next` is the page to come back to, on this origin only. */
export function createSignInRoutes(access: AccessService): RawRoute[] {
  return [
    {
      method: 'GET',
      path: SIGN_IN_PATH,
      access: 'open',
      async handle(request, ctx): Promise<RawResponse> {
        const session = await access.redeemAdminLink(request.query.get('link') ?? '', ctx)
        if (session === undefined) return { status: 401, headers: { 'content-type': 'text/html; charset=utf-8' }, body: SPENT }
        const location = toLocalPath(request.query.get('next') ?? '/')
        return { status: 303, headers: { location, 'set-cookie': `${SESSION_COOKIE}=${session.cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${Math.floor(session.maxAgeSeconds)}` } }
      },
    },
  ]
}

/** A path of this origin with its query; "/" for anything that leads elsewhere. */
export function toLocalPath(text: string): string {
  if (!text.startsWith('/') || !URL.canParse(text, 'http://here')) return '/'
  const { origin, pathname, search } = new URL(text, 'http://here')
  return origin === 'http://here' && !pathname.startsWith('//') ? `${pathname}${search}` : '/'
}

const SPENT = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Rondo</title>
<body style="font:15px/1.5 system-ui;max-width:30em;margin:20vh auto;padding:0 20px">
<h1 style="font:400 28px/1.2 Georgia,serif">This link has been used, or has expired.</h1>
<p>Type <code>npx rondo keys link</code> where Rondo runs for a new one, and open that.</p>
<p><a href="/">Open the portal</a>: if this browser is signed in, it is all there.</p>`
