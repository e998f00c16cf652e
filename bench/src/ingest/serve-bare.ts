// The references: a bare node:http server that parses each body and does nothing with it, or that only reads it to its end.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerParent } from './child.ts'

/** `parse` reads one JSON value, or one a line where the content type says so; `discard` keeps no byte; both answer a few. */
export type BareWork = 'parse' | 'discard'

if (import.meta.main) {
  const work = process.argv[2] as BareWork
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    if (work === 'discard') request.resume()
    else request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const count = work === 'discard' ? 0 : parse(request, chunks)
      const body = `{"count":${count}}`
      response.writeHead(202, { 'content-type': 'application/json', 'content-length': body.length })
      response.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  answerParent(() => ({ port }))
}

function parse(request: IncomingMessage, chunks: Buffer[]): number {
  const text = (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString()
  if (request.headers['content-type'] !== 'application/x-ndjson') {
    const value = JSON.parse(text) as unknown[] | { batch: unknown[] }
    return Array.isArray(value) ? value.length : (value.batch?.length ?? 1)
  }
  let count = 0
  for (const line of text.split('\n')) if (typeof JSON.parse(line) === 'object') count += 1
  return count
}
