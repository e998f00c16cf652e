// The one-time admin link: opening it gives the browser a session cookie and the link is spent.
import type { AccessService } from '@rondo/access'
import type { RawResponse, RawRoute } from '@rondo/contract'
import { SESSION_COOKIE } from '@rondo/host'

export const SIGN_IN_PATH = '/sign-in'

export function createSignInRoutes(access: AccessService): RawRoute[] {
  return [
    {
      method: 'GET',
      path: SIGN_IN_PATH,
      access: 'open',
      async handle(request, ctx): Promise<RawResponse> {
        const session = await access.redeemAdminLink(request.query.get('link') ?? '', ctx)
        if (session === undefined) return { status: 401, headers: { 'content-type': 'text/html; charset=utf-8' }, body: SPENT }
        return { status: 303, headers: { location: '/', 'set-cookie': `${SESSION_COOKIE}=${session.cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${Math.floor(session.maxAgeSeconds)}` } }
      },
    },
  ]
}

const SPENT = `<!doctype html><meta charset="utf-8"><title>Rondo</title>
<body style="font:15px/1.5 system-ui;max-width:34em;margin:15vh auto;padding:0 20px">
<p>This link has been used or has expired.</p>
<p>Type <code>npx rondo keys link</code> for a new one.</p>`
