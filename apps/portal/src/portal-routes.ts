// Serves the built portal: any page's path gives index.html, assets are immutable, and nothing of the API is shadowed.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { RawRequest, RawResponse, RawRoute } from '@rondo/contract'

export type PortalRouteOptions = {
  /** `public` for servers on loopback; `read` asks for a session first. */
  access?: RawRoute['access']
}

const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json', '.txt': 'text/plain; charset=utf-8', '.png': 'image/png' }

/** Paths that other speakers own; an unknown one among them is a 404, never a page. */
const foreign = /^\/(api|v1|v2|ofrep|mcp|healthz|readyz|metrics|assets)(\/|:|$)/

/** `folder` is what `buildPortal` gave. Routes: `/`, `/assets/{path...}` and the catch-all `/{path...}`, which the host must match last. */
export function createPortalRoutes(folder: string, options: PortalRouteOptions = {}): RawRoute[] {
  const access = options.access ?? 'public'
  const known = readFiles(folder)
  const security = createSecurityHeaders(String(known.get('index.html')?.body))
  const page = async (request: RawRequest): Promise<RawResponse> => {
    const path = new URL(request.url, 'http://portal').pathname
    const name = path.slice(1)
    if (name !== 'index.html' && name !== 'build.json' && known.has(name)) return send(known, name, request, 'public, max-age=3600', security)
    if (foreign.test(path) || extname(path) in types) return notFound(path, security)
    return send(known, 'index.html', request, 'no-store', security)
  }
  const asset = async (request: RawRequest): Promise<RawResponse> => {
    const name = `assets/${request.params['path'] ?? ''}`
    if (!known.has(name)) return notFound(`/${name}`, security)
    return send(known, name, request, 'public, max-age=31536000, immutable', security)
  }
  return [
    { method: 'GET', path: '/', access, handle: page },
    { method: 'GET', path: '/assets/{path...}', access, handle: asset },
    { method: 'GET', path: '/{path...}', access, handle: page },
  ]
}

type Served = { body: Buffer; etag: string }

/** All files by their path within the folder, held in memory: a few megabytes, and no later build can take them away. */
function readFiles(folder: string): Map<string, Served> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    entries.map((entry) => {
      const body = readFileSync(join(entry.parentPath, entry.name))
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
      return [relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'), { body, etag }]
    }),
  )
}

function send(known: Map<string, Served>, name: string, request: RawRequest, caching: string, security: Record<string, string>): RawResponse {
  const accepted = request.headers['accept-encoding'] ?? ''
  const encoding = accepted.includes('br') && known.has(`${name}.br`) ? 'br' : accepted.includes('gzip') && known.has(`${name}.gz`) ? 'gzip' : undefined
  const file = known.get(encoding === undefined ? name : `${name}.${encoding === 'br' ? 'br' : 'gz'}`)
  if (file === undefined) return notFound(`/${name}`, security)
  const headers: Record<string, string> = { ...security, 'content-type': types[extname(name)] ?? 'application/octet-stream', 'cache-control': caching, etag: file.etag, vary: 'accept-encoding' }
  if (request.headers['if-none-match'] === file.etag) return { status: 304, headers }
  return { status: 200, headers: { ...headers, ...(encoding === undefined ? {} : { 'content-encoding': encoding }) }, body: file.body }
}

function notFound(path: string, security: Record<string, string>): RawResponse {
  const problem = { type: 'about:blank', title: 'Not found', status: 404, code: 'ROUTE_NOT_FOUND', kind: 'not-found', detail: `Nothing answers GET "${path}".`, help: 'See /api for everything that does.' }
  return { status: 404, headers: { ...security, 'content-type': 'application/problem+json', 'cache-control': 'no-store' }, body: JSON.stringify(problem) }
}

/** Inline scripts of the page are allowed by their hash; styles inline because the theme writes its variables into the page. */
function createSecurityHeaders(html: string): Record<string, string> {
  const hashes = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code]) => `'sha256-${createHash('sha256').update(code ?? '').digest('base64')}'`)
  const policy = ["default-src 'self'", ["script-src 'self'", ...hashes].join(' '), "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"]
  return { 'content-security-policy': policy.join('; '), 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin', 'x-frame-options': 'DENY', 'cross-origin-opener-policy': 'same-origin' }
}
