// The bytes of an answer to a plain request: status line, headers and body in one write.
import { STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http'
import type { RawResponse } from '@rondo/contract'
import { SECURITY_HEADERS } from '../exchange.ts'

/** A text of one byte a letter, or bytes. `extra` headers (lower case) give way to the answer's own. `keepAliveMs` undefined: the connection ends. Throws for a header that cannot be written, and for a stream. */
export function writePlainAnswer({ status, headers = {}, body }: RawResponse, extra: Record<string, string>, keepAliveMs: number | undefined): string | Uint8Array {
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)) throw new Error('A plain request is not answered by a stream.')
  const all: Record<string, string> = { ...SECURITY_HEADERS, ...extra }
  for (const name in headers) all[name.toLowerCase()] = headers[name] as string
  const sizeBytes = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  if (body !== undefined) all['content-type'] ??= typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream'
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`
  for (const name in all) {
    const value = all[name] as string
    validateHeaderName(name)
    validateHeaderValue(name, value)
    if (name !== 'connection') head += `${name}: ${value}\r\n`
  }
  if (body !== undefined || (status !== 204 && status !== 304)) head += `content-length: ${sizeBytes}\r\n`
  head += `date: ${new Date().toUTCString()}\r\n`
  head += keepAliveMs === undefined ? 'connection: close\r\n\r\n' : `connection: keep-alive\r\nkeep-alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n`
  if (body === undefined) return head
  if (typeof body === 'string') return sizeBytes === body.length ? head + body : Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)])
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}
