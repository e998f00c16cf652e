// A server that answers as S3 does, but for what a test tells it: for what no real engine can be made to do.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Answer = { status: number; headers?: Record<string, string>; body?: string | Buffer; /** Breaks the connection behind the body. */ cut?: boolean }

/** `answer` says what comes instead of the usual: an empty list, a probe that is taken the second time, "no such key" for the rest. */
export async function createS3Stub(answer: (method: string, path: string) => Answer | undefined): Promise<AsyncDisposable & { url: string; asked: string[] }> {
  const asked: string[] = []
  const probes = new Set<string>()
  const usual = (method: string, path: string): Answer => {
    if (path.includes('list-type=2')) return { status: 200, body: '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>' }
    if (method === 'DELETE') return { status: 204 }
    if (!path.includes('.rondo-probe')) return { status: 404, body: toErrorBody('NoSuchKey') }
    const isFirst = !probes.has(path)
    probes.add(path)
    return isFirst ? { status: 200 } : { status: 412, body: toErrorBody('PreconditionFailed') }
  }
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url: path = '' } = request
    if (!path.includes('.rondo-probe') && !path.includes('max-keys=1&')) asked.push(`${method} ${path.split('?')[0]}`)
    request.resume().once('end', () => {
      const { status, headers = {}, body = '', cut = false } = answer(method, path) ?? usual(method, path)
      response.writeHead(status, { 'content-length': String(Buffer.byteLength(body) + (cut ? 1 : 0)), ...headers })
      if (cut) response.write(body, () => response.destroy())
      else response.end(method === 'HEAD' ? '' : body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `s3://key:secret@127.0.0.1:${(server.address() as AddressInfo).port}/bucket`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((done) => void server.close(() => done()))
    },
  }
}

export function toErrorBody(code: string): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>It is ${code}.</Message></Error>`
}
