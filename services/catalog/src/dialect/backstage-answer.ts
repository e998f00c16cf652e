// Answers and errors in the shape that Backstage's clients read.
import type { RawRequest, RawResponse } from '@rondo/contract'

/** Thrown inside the dialect; the client reads `name`. */
export class BackstageError extends Error {
  readonly status: number

  constructor(name: 'InputError' | 'NotFoundError' | 'ConflictError', message: string) {
    super(message)
    this.name = name
    this.status = { InputError: 400, NotFoundError: 404, ConflictError: 409 }[name]
  }
}

export function toJsonAnswer(value: unknown, status = 200, headers: Record<string, string> = {}): RawResponse {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(value) }
}

/** Runs a handler; what it throws becomes `{error: {name, message}, request, response}`. */
export async function answer(request: RawRequest, handle: () => RawResponse | Promise<RawResponse>): Promise<RawResponse> {
  try {
    return await handle()
  } catch (thrown) {
    if (!(thrown instanceof BackstageError)) throw thrown
    const { name, message, status } = thrown
    return toJsonAnswer({ error: { name, message }, request: { method: request.method, url: request.url }, response: { statusCode: status } }, status)
  }
}

export function readJson(request: RawRequest): Record<string, unknown> {
  let body: unknown
  try {
    body = JSON.parse(request.body.toString('utf8'))
  } catch {
    throw new BackstageError('InputError', 'The body is not JSON')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new BackstageError('InputError', 'The body is not an object')
  return body as Record<string, unknown>
}

/** Whatever the pure part refuses is the caller's mistake. */
export function refusing<T>(work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw new BackstageError('InputError', thrown instanceof Error ? thrown.message : String(thrown))
  }
}
