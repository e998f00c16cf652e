// The client of a service behind HTTP; runs in Node and in the browser.
import type { Ctx } from '@rondo/context'
import { AppError, type ErrorKind } from '@rondo/errors'
import type { Api, Contract, Route } from './contract.ts'

export type HttpClientOptions = {
  /** For instance "http://127.0.0.1:7070"; "" in the portal. */
  baseUrl: string
  /** Bearer token; the portal has a cookie instead. */
  token?: string
  fetch?: typeof globalThis.fetch
}

export function createHttpClient<C extends Contract>(contract: C, options: HttpClientOptions): Api<C> {
  const send = options.fetch ?? globalThis.fetch.bind(globalThis)
  const client: Record<string, (input: unknown, ctx: Ctx) => Promise<unknown>> = {}
  for (const [name, route] of Object.entries(contract.routes)) {
    client[name] = async (input, ctx) => {
      const fields = (input ?? {}) as Record<string, unknown>
      const url = options.baseUrl + contract.base + toPath(route, fields)
      const headers: Record<string, string> = { accept: 'application/json', 'x-trace-id': ctx.traceId }
      if (options.token !== undefined) headers['authorization'] = `Bearer ${options.token}`
      if (route.body !== undefined) headers['content-type'] = 'application/json'
      const body = route.body === undefined ? undefined : JSON.stringify(fields['body'])
      let response: Response
      try {
        response = await send(url, { method: route.method, headers, signal: ctx.signal, ...(body === undefined ? {} : { body }) })
      } catch (cause) {
        throw toUnreachable(cause, url, ctx)
      }
      if (!response.ok) throw await toProblem(response, url)
      return response.status === 204 ? undefined : response.json()
    }
  }
  return client as Api<C>
}

function toPath(route: Route, fields: Record<string, unknown>): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(fields[name])))
  const query = new URLSearchParams()
  for (const name of Object.keys(route.query?.properties ?? {})) {
    const value = fields[name]
    if (value !== undefined) query.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  return query.size === 0 ? path : `${path}?${query}`
}

function toUnreachable(cause: unknown, url: string, ctx: Ctx): AppError {
  if (ctx.signal.aborted) return new AppError({ code: 'CANCELLED', kind: 'cancelled', message: 'The call was cancelled or ran past its deadline.', cause })
  return new AppError({ code: 'UNREACHABLE', kind: 'unavailable', message: `"${url}" does not answer.`, details: { url }, help: 'Check the address, and that the service runs.', cause })
}

/** RFC 9457 bodies carry our code, kind and details; anything else becomes what its status says. */
async function toProblem(response: Response, url: string): Promise<AppError> {
  const body = (await response.json().catch(() => ({}))) as { code?: string; kind?: ErrorKind; detail?: string; details?: Record<string, unknown>; help?: string }
  return new AppError({
    code: body.code ?? `HTTP_${response.status}`,
    kind: body.kind ?? (response.status === 404 ? 'not-found' : response.status < 500 ? 'invalid' : 'unavailable'),
    message: body.detail ?? `"${url}" answered ${response.status}.`,
    details: body.details ?? {},
    ...(body.help === undefined ? {} : { help: body.help }),
  })
}
