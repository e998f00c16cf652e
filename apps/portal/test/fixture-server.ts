// A small HTTP server: the portal's own routes, and the fixture rooms behind the API's paths.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCtx } from '@rondo/context'
import type { RawRoute } from '@rondo/contract'
import { answersOf, type Scene } from './fixture-rooms.ts'

export type FixtureServer = { url: string; scene: Scene; close(): Promise<void> }

/** Set `scene` to change what the rooms answer from the next request on. */
export async function openFixtureServer(routes: RawRoute[], port = 0): Promise<FixtureServer> {
  const state: { scene: Scene } = { scene: 'turning' }
  const server = createServer((request, response) => void answer(routes, state.scene, request, response))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get scene() {
      return state.scene
    },
    set scene(scene) {
      state.scene = scene
    },
    close: () => new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}

async function answer(routes: RawRoute[], scene: Scene, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fixture')
  if (scene === 'out' && url.pathname.startsWith('/api/')) {
    response.writeHead(401, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ code: 'UNAUTHENTICATED', kind: 'unauthenticated', detail: 'Nobody is signed in.' }))
    return
  }
  const known = answersOf(scene)[url.pathname]
  if (known !== undefined) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(known))
    return
  }
  const isAsset = url.pathname.startsWith('/assets/')
  const route = routes.find((one) => one.path === (url.pathname === '/' ? '/' : isAsset ? '/assets/{path...}' : '/{path...}'))
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const answered = await route?.handle({ method: 'GET', url: request.url ?? '/', params: { path: url.pathname.slice(isAsset ? 8 : 1) }, query: url.searchParams, headers, body: Buffer.alloc(0) }, createCtx())
  const body = answered?.body
  response.writeHead(answered?.status ?? 404, answered?.headers).end(typeof body === 'string' || body instanceof Uint8Array ? body : undefined)
}
