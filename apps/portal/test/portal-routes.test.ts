// How the built portal is served.
import assert from 'node:assert/strict'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createCtx } from '@rondo/context'
import type { RawResponse, RawRoute } from '@rondo/contract'
import { createPortalRoutes } from '../src/index.ts'
import { computeSourceHash } from '../src/source-hash.ts'

let folder = ''
let routes: RawRoute[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rondo-portal-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><script>let a = 1</script><script type="module" src="/assets/main-1.js"></script>')
  await writeFile(join(folder, 'favicon.svg'), '<svg/>')
  await writeFile(join(folder, 'assets/main-1.js'), 'plain')
  await writeFile(join(folder, 'assets/main-1.js.br'), 'brotli')
  await writeFile(join(folder, 'assets/main-1.js.gz'), 'gzip')
  routes = createPortalRoutes(folder)
})
after(() => rm(folder, { recursive: true, force: true }))

function get(url: string, headers: Record<string, string> = {}): Promise<RawResponse> {
  const path = url === '/' ? '/' : url.startsWith('/assets/') ? '/assets/{path...}' : '/{path...}'
  const route = routes.find((one) => one.path === path)
  assert.ok(route)
  return route.handle({ method: 'GET', url, params: { path: url.replace(/^\/(assets\/)?/, '') }, query: new URLSearchParams(), headers, body: Buffer.alloc(0) }, createCtx())
}

test('PO1 any path of a page gives the HTML, which is never stored', async () => {
  for (const url of ['/', '/events', '/events/track-played?peek=a.b', '/users/some.name']) {
    const answer = await get(url)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers?.['cache-control'], 'no-store')
    assert.equal(answer.headers?.['content-type'], 'text/html; charset=utf-8')
  }
})

test('PO2 assets are immutable, compressed as the client can, and validated', async () => {
  const plain = await get('/assets/main-1.js')
  assert.equal(plain.headers?.['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(String(plain.body), 'plain')
  const brotli = await get('/assets/main-1.js', { 'accept-encoding': 'gzip, br' })
  assert.deepEqual([String(brotli.body), brotli.headers?.['content-encoding'], brotli.headers?.['vary']], ['brotli', 'br', 'accept-encoding'])
  assert.equal(String((await get('/assets/main-1.js', { 'accept-encoding': 'gzip' })).body), 'gzip')
  const again = await get('/assets/main-1.js', { 'if-none-match': plain.headers?.['etag'] ?? '' })
  assert.equal(again.status, 304)
})

test('PO3 unknown paths of others are never a page', async () => {
  for (const url of ['/api/nothing/v1/x', '/v1/nothing', '/v1/flags:nothing', '/ofrep/v1/x', '/metrics', '/assets/main-2.js', '/assets/../index.html', '/robots.txt', '/build.json', '/main.js']) {
    const answer = await get(url)
    assert.equal(answer.status, 404, url)
    assert.equal(answer.headers?.['content-type'], 'application/problem+json')
  }
  assert.equal((await get('/favicon.svg')).headers?.['content-type'], 'image/svg+xml')
})

test('PO4 scripts run from our origin or by hash, and no page can be framed', async () => {
  const policy = (await get('/')).headers?.['content-security-policy'] ?? ''
  assert.match(policy, /script-src 'self' 'sha256-[A-Za-z0-9+/=]{44}';/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.doesNotMatch(policy, /script-src[^;]*unsafe/)
})

test('PO5 the source hash changes with a source, and only then', async () => {
  const root = await mkdtemp(join(tmpdir(), 'rondo-hash-'))
  await mkdir(join(root, 'apps/portal/web'), { recursive: true })
  await writeFile(join(root, 'apps/portal/web/main.tsx'), '1')
  const first = computeSourceHash(root)
  assert.equal(computeSourceHash(root), first)
  await writeFile(join(root, 'apps/portal/web/main.test.ts'), 'tests do not count')
  assert.equal(computeSourceHash(root), first)
  await writeFile(join(root, 'apps/portal/web/main.tsx'), '2')
  assert.notEqual(computeSourceHash(root), first)
  await rm(root, { recursive: true })
})
