// A site with one page that loads the SDK, and passes what it sends on to a real collector, or does not.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { WireEvent } from '../src/index.ts'
import { bundleForPage } from '../packaging/bundle-for-page.ts'

export type Passed = { url: string; contentType: string; bytes: number; events: WireEvent[] }

export type PageHouse = AsyncDisposable & {
  url: string
  /** Requests that the collector took. */
  passed: Passed[]
  /** `down`: the connection ends without an answer. `busy`: 503. */
  state: 'up' | 'down' | 'busy'
}

export async function openPageHouse(collectorUrl: string): Promise<PageHouse> {
  const script = await bundleForPage(join(import.meta.dirname, '../src/browser.ts'))
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => void answer(request, Buffer.concat(chunks), response))
  })
  const answer = async (request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<unknown> => {
    if (request.method !== 'POST') {
      const isScript = request.url === '/rondo.js'
      return response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' }).end(isScript ? script : '<!doctype html><link rel="icon" href="data:,"><title>A page</title>')
    }
    if (house.state === 'down') return request.socket.destroy()
    if (house.state === 'busy') return response.writeHead(503).end()
    const { authorization, 'content-type': contentType = '' } = request.headers
    const passed = await fetch(`${collectorUrl}${request.url}`, { method: 'POST', body: new Uint8Array(body), headers: { 'content-type': contentType, ...(authorization === undefined ? {} : { authorization }) } })
    house.passed.push({ url: request.url ?? '', contentType, bytes: body.length, events: JSON.parse(body.toString()) as WireEvent[] })
    return response.writeHead(passed.status, { 'content-type': 'application/json' }).end(Buffer.from(await passed.arrayBuffer()))
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const house: PageHouse = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed: [],
    state: 'up',
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
  return house
}
