// Where a sign-in leads back to, how its cookie travels, and who sees which page before it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import type { RawRequest, RawResponse, RawRoute } from '@rondo/contract'
import { AppError } from '@rondo/errors'
import { toLocalPath } from '../src/local-path.ts'
import { withSignInPage } from '../src/sign-in-page.ts'
import { createSignInRoutes } from '../src/sign-in.ts'

const ctx = createCtx()

function ask([route]: RawRoute[], url: string, headers: Record<string, string> = {}): Promise<RawResponse> {
  const request: RawRequest = { method: 'GET', url, params: {}, query: new URL(url, 'http://here').searchParams, headers, body: Buffer.alloc(0), peer: '10.0.0.9' }
  assert.ok(route)
  return route.handle(request, ctx)
}

test('PF32 after signing in one comes back to a page of this portal, never to another place', () => {
  for (const path of ['/', '/events?peek=track-played', '/users/a%20b', '/experiments/x?view=list&sort=-seen']) assert.equal(toLocalPath(path), path)
  for (const elsewhere of ['', 'http://elsewhere', '//elsewhere', '/\\elsewhere', '/.//elsewhere', '\\\\elsewhere', 'javascript:alert(1)', '/\t/elsewhere', 'events']) assert.equal(toLocalPath(elsewhere), '/', elsewhere)
  assert.equal(toLocalPath('/a\r\nset-cookie: x'), '/aset-cookie:%20x')
})

test('PF54 the cookie is Secure where the browser came by https: a proxy tells so, or the public URL does', async () => {
  const access = { redeemAdminLink: async () => ({ cookie: 'c', maxAgeSeconds: 60 }) }
  const flags = async (publicUrl: string | undefined, headers: Record<string, string>): Promise<string> => (await ask(createSignInRoutes(access, publicUrl), '/sign-in?link=rk_link_a', headers)).headers?.['set-cookie'] ?? ''
  const told: Record<string, string>[] = [{ 'x-forwarded-proto': 'https' }, { 'x-forwarded-proto': 'https,http' }, { forwarded: 'for=10.0.0.1;proto=https' }]
  for (const headers of told) assert.match(await flags(undefined, headers), /; Secure$/)
  assert.match(await flags('https://rondo.example.com', {}), /; Secure$/)
  assert.doesNotMatch(await flags(undefined, {}), /Secure/)
  assert.doesNotMatch(await flags('http://rondo.example.com', { 'x-forwarded-proto': 'http' }), /Secure/)
})

test('PF55 links are redeemed for the address that asks; a pasted link is taken; who guesses is told to wait', async () => {
  const asked: unknown[] = []
  const access = {
    redeemAdminLink: async (token: string, _ctx: unknown, source?: string) => {
      asked.push([token, source])
      if (token === 'guess') throw new AppError({ code: 'TOO_MANY_FAILURES', kind: 'limited', message: 'Too many wrong secrets.', help: 'Try again in 9 s.' })
      return token === 'rk_link_right' ? { cookie: 'c', maxAgeSeconds: 60 } : undefined
    },
  }
  const routes = createSignInRoutes(access)
  assert.deepEqual([(await ask(routes, `/sign-in?next=/events&link=${encodeURIComponent('http://a/sign-in?link=rk_link_right')}`)).headers?.['location']], ['/events'])
  const spent = await ask(routes, '/sign-in?link=rk_link_spent&next=/a"b')
  assert.equal(spent.status, 401)
  assert.match(String(spent.body), /has been used, or has expired[\s\S]*name="next" value="\/a%22b"/)
  const slowed = await ask(routes, '/sign-in?link=guess')
  assert.deepEqual([slowed.status, /Try again in 9 s/.test(String(slowed.body))], [429, true])
  assert.deepEqual(asked, [['rk_link_right', '10.0.0.9'], ['rk_link_spent', '10.0.0.9'], ['guess', '10.0.0.9']])
  assert.equal((await ask(routes, '/sign-in')).status, 401)
  assert.equal(asked.length, 3, 'no link is no guess')
})

test('PF26 a browser without a session is shown how to sign in, and other callers a problem', async () => {
  const page: RawRoute = { method: 'GET', path: '/{path...}', access: 'read', handle: async (_request, { principal }) => ({ status: 200, body: principal.kind }) }
  const checks = { authenticate: async () => undefined, session: async (cookie: string) => (cookie === 'good' ? { kind: 'admin' as const, name: 'portal' } : undefined) }
  const routes = withSignInPage([page], checks)
  const html = { accept: 'text/html,*/*' }
  assert.deepEqual(await ask(routes, '/events', { ...html, cookie: 'rondo_session=good' }), { status: 200, body: 'admin' })
  const outside = await ask(routes, '/events?peek=<x>', html)
  assert.equal(outside.status, 401)
  assert.match(String(outside.body), /npx rondo keys link[\s\S]*name="next" value="\/events\?peek=%3Cx%3E"/)
  await assert.rejects(ask(routes, '/events', { accept: '*/*' }), { kind: 'unauthenticated' })
  const fromChat = await ask(routes, '//elsewhere/x', { ...html, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })
  assert.match(String(fromChat.body), /content="0;url=\/"/, 'asked again by a page of ours, so that the cookie comes along')
  const open: RawRoute = { ...page, access: 'public' }
  assert.deepEqual(withSignInPage([open], checks), [open])
})
