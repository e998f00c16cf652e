// What a browser without a session is shown where even the portal's pages need one: whole in itself, since nothing else would be served to it.
import type { RawRequest, RawResponse, RawRoute } from '@rondo/contract'
import { toAppError } from '@rondo/errors'
import { identify, type HostOptions } from '@rondo/host'
import { toLocalPath } from './local-path.ts'

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
}

/** `next` is the page to come to afterwards, a path of this origin. */
export function showSignInPage(status: number, heading: string, next: string): RawResponse {
  const back = escapeHtml(next)
  return {
    status,
    headers: HEADERS,
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>Sign in · Rondo</title>
<body style="font:15px/1.5 system-ui;max-width:30em;margin:20vh auto;padding:0 20px">
<main>
<h1 style="font:400 28px/1.2 Georgia,serif">${escapeHtml(heading)}</h1>
<p>Rondo printed a link when it started; opening it signs this browser in. It works once. For a new one, type this where Rondo runs:</p>
<p><code>npx rondo keys link</code></p>
<form action="/sign-in"><input type="hidden" name="next" value="${back}"><label for="link">Then open it, or paste it here</label><br>
<input id="link" name="link" required autocomplete="off" spellcheck="false" placeholder="http://…/sign-in?link=rk_link_…" style="font:inherit;width:100%;box-sizing:border-box;margin:6px 0 10px;padding:6px 8px"><button style="font:inherit;padding:6px 14px">Sign in</button></form>
<p><a href="${back}">Open the portal</a>: if this browser is signed in, it is all there.</p>
</main>
`,
  }
}

/** The portal's routes that ask for a session, asking with a page where a browser wants one; other callers get the problem that every route gives. */
export function withSignInPage(routes: RawRoute[], checks: Pick<HostOptions, 'authenticate' | 'session' | 'publicUrl'>): RawRoute[] {
  return routes.map((route): RawRoute => {
    const { access } = route
    if (access === 'public' || access === 'open') return route
    return {
      ...route,
      access: 'open',
      async handle(request, ctx) {
        const path = request.url.split('?', 1)[0] ?? '/'
        try {
          const principal = await identify({ ...request, path }, access, checks, ctx)
          return await route.handle(request, { ...ctx, principal })
        } catch (thrown) {
          if (toAppError(thrown).kind !== 'unauthenticated' || request.headers['accept']?.includes('text/html') !== true) throw thrown
          const here = toLocalPath(request.url)
          return isFromElsewhere(request) ? showAgain(here) : showSignInPage(401, 'Come in with a link.', here)
        }
      },
    }
  })
}

/** A strict cookie stays at home when a page of another site, a chat for instance, leads here; it comes along when a page of ours asks again. */
function isFromElsewhere({ headers }: RawRequest): boolean {
  return headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] === 'navigate'
}

function showAgain(path: string): RawResponse {
  return { status: 401, headers: HEADERS, body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${escapeHtml(path)}"><title>Rondo</title>\n` }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
