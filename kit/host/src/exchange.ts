// One request and its answer, however it came; and the way by node:http: the body read whole within bounds, the answer written with as few calls as it takes.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable, pipeline } from 'node:stream'
import type { RawResponse } from '@rondo/contract'
import { errors } from './errors.ts'

export type Exchange = {
  method: string
  /** Path and query as sent. */
  url: string
  /** Lower-case names. */
  headers: Record<string, string | undefined>
  /** Of the connection. */
  address: string
  /** Aborted when the client leaves before its answer is written. */
  gone: AbortController
  /** The whole body as it was sent; empty for methods that have none. Throws TOO_LARGE, CLIENT_LEFT. */
  readBody(limitBytes: number): Promise<Buffer> | Buffer
  /** `extra` headers (lower case) give way to its own. Throws when a header cannot be written; then nothing was. */
  respond(response: RawResponse, extra: Record<string, string>): void
  /** When all is over, well or not. */
  onEnd(listener: () => void): void
}

/** What is too large is read on up to here, and dropped: a client that still writes would miss the answer when its connection is reset. */
const DRAIN_LIMIT_BYTES = 64 * 1024 * 1024

export const SECURITY_HEADERS: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
}

const NO_BYTES = Buffer.alloc(0)

const ONE_WRITE_BYTES = 16_384

export function createExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new Error('The client left.'))
  })
  return {
    method: request.method as string,
    url: request.url as string,
    headers: request.headers as Record<string, string | undefined>,
    address: request.socket.remoteAddress ?? '',
    gone,
    readBody: (limitBytes) => readBody(request, limitBytes),
    respond: (answer, extra) => respond(response, answer, extra),
    onEnd: (listener) => void response.once('close', listener),
  }
}

function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> | Buffer {
  const { headers, method } = request
  if (limitBytes === 0 || method === 'GET' || method === 'HEAD' || (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined)) return NO_BYTES
  // Nothing more is heard of a request that was cut off before it was read.
  if (request.destroyed) throw errors.clientLeft({})
  // Said at once, and read on all the same: see DRAIN_LIMIT_BYTES.
  const isTold = Number(headers['content-length'] ?? 0) > limitBytes
  return new Promise((resolve, reject) => {
    if (isTold) reject(errors.tooLarge({ limitBytes }))
    let chunks: Buffer[] = []
    let sizeBytes = 0
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length
      if (sizeBytes <= limitBytes) chunks.push(chunk)
      else chunks = []
      if (sizeBytes <= DRAIN_LIMIT_BYTES) return
      reject(errors.tooLarge({ limitBytes }))
      request.destroy()
    })
    request.on('end', () => {
      if (sizeBytes > limitBytes) reject(errors.tooLarge({ limitBytes }))
      else resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, sizeBytes))
    })
    request.on('error', (cause) => reject(errors.clientLeft({}, cause)))
  })
}

/** Writes an answer; `extra` headers (lower case) give way to its own. A stream ends when the client leaves. */
export function respond(response: ServerResponse, { status, headers = {}, body }: RawResponse, extra: Record<string, string> = {}): void {
  const all: Record<string, string | number> = { ...SECURITY_HEADERS, ...extra }
  for (const name in headers) all[name.toLowerCase()] = headers[name] as string
  if (body === undefined) {
    if (status !== 204 && status !== 304) all['content-length'] = 0
    response.writeHead(status, all).end()
  } else if (typeof body === 'string') {
    all['content-type'] ??= 'text/plain; charset=utf-8'
    all['content-length'] = Buffer.byteLength(body)
    response.writeHead(status, all).end(body)
  } else if (body instanceof Uint8Array) {
    all['content-type'] ??= 'application/octet-stream'
    all['content-length'] = body.byteLength
    response.writeHead(status, all)
    // Head and body as one text, a letter a byte, are one write; as text and bytes they are two, with more around them.
    if (body.byteLength <= ONE_WRITE_BYTES) response.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'), 'latin1')
    else response.end(body)
  } else {
    response.writeHead(status, all).flushHeaders()
    // What fails on the way ends the connection, which tells the client.
    pipeline(Readable.from(body), response, () => undefined)
  }
}
