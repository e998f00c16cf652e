// Routes that speak somebody else's dialect: bytes in, bytes or a stream out, no schema of ours between.
import type { Ctx } from '@rondo/context'
import type { Access, Method } from './contract.ts'

export type RawRequest = {
  method: string
  /** Path and query as sent. */
  url: string
  params: Record<string, string>
  query: URLSearchParams
  /** Lower-case names. */
  headers: Record<string, string | undefined>
  /** The whole body; decompressed when it came as gzip, deflate, br or zstd. */
  body: Buffer
  /** The caller's address, for `authenticate`; undefined where no connection is behind the request. */
  peer?: string
}

export type RawResponse = {
  status: number
  headers?: Record<string, string>
  /** A stream is sent as it comes and stopped when the client leaves (`ctx.signal`). */
  body?: string | Uint8Array | AsyncIterable<string | Uint8Array>
}

export type RawRoute = {
  method: Method | 'OPTIONS'
  /** Absolute, parameters as `{name}`; a last segment `{name...}` takes the rest of the path. */
  path: string
  /** `open`: the handler itself finds out who calls, through `authenticate`; so dialects can answer 401 in their own shape. */
  access: Access | 'open'
  /** Larger bodies get 413. */
  bodyLimitBytes?: number
  /** Headers of every answer, by those of the request: also of problems, and of what the server refuses before `handle`. */
  always?(headers: RawRequest['headers']): Record<string, string>
  /** A POST that may be read without node:http, for speed. It answers with text or bytes, and keeps nothing of the body behind its answer: its memory is used again. */
  isPlain?: boolean
  handle(request: RawRequest, ctx: Ctx): Promise<RawResponse>
}
