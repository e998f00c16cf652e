// The HTTP side of every service: routes from contracts, dialects as raw routes, problems, probes, metrics, on one port.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isIPv4 } from 'node:net'
import { createCtx, type Ctx, type Principal } from '@rondo/context'
import { checkValue, readFields, type Access, type Authenticate, type Log, type Metric, type RawRequest, type RawResponse, type RawRoute, type Route, type Service } from '@rondo/contract'
import { toOpenApi } from '@rondo/contract/openapi'
import { toAppError, type AppError } from '@rondo/errors'
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { openBody, readJson } from './body.ts'
import { FRONT_HEADERS, findCaller, identify, type SessionCheck } from './credentials.ts'
import { errors } from './errors.ts'
import { createExchange, respond, type Exchange } from './exchange.ts'
import { createKnownPaths, isForEveryPath, type KnownPaths } from './known-paths.ts'
import { createHostMetrics, type HostMetrics } from './metrics.ts'
import { openPlainDoor } from './plain/open-plain-door.ts'
import type { PlainServe } from './plain/plain-connection.ts'
import { toProblem } from './problem.ts'
import { toListenError } from './try-listen.ts'

const DEFAULT_BODY_LIMIT_BYTES = 16 * 1024 * 1024

/** What `/readyz` says of one room; `address` of one that runs elsewhere. */
export type Readiness = { service: string; ready: boolean; reason?: string; address?: string }

export type HostOptions = {
  services: Service[]
  /** Rooms that run elsewhere and are needed here: `/readyz` tells of them too. Within bounded time, and never rejects. */
  elsewhere?: () => Promise<Readiness[]>
  /** Routes of no service: the portal, sign-in. */
  raw?: RawRoute[]
  authenticate: Authenticate
  session: SessionCheck
  log: Log
  bind: string
  /** 0 takes a free one. */
  port: number
  /** Where a proxy in front answers for this server; its name and its pages are then ours as well. */
  publicUrl?: string
  /** How long a request may take to arrive; two minutes, a minute for its headers, unless told. */
  patience?: Patience
}

export type Host = {
  /** Starts to listen; throws PORT_IN_USE, or CANNOT_LISTEN for an address that this machine has not or may not open. */
  listen(): Promise<{ url: string; port: number }>
  /** Lets running requests end, then closes; event streams, which have no end of their own, and connections that never asked are ended. */
  close(): Promise<void>
}

type Handler = (request: RawRequest, ctx: Ctx) => Promise<RawResponse>

/** By address, not by how it begins: "127.0.0.1.example.com" is anybody's name. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'))
}

/** What describes the house (`/api`, OpenAPI pages, `/metrics`) is for everybody on this machine, and elsewhere for those with a key. */
export function toDescribedAccess(bind: string): 'public' | 'read' {
  return isLoopback(bind) ? 'public' : 'read'
}

export function createHost(options: HostOptions): Host {
  const direct: Direct = new Map()
  const plain = new Map<string, PlainServe>()
  const patience = options.patience ?? PATIENCE
  const app = fastify({ forceCloseConnections: 'idle', routerOptions: { maxParamLength: 500 }, serverFactory: (route) => createDirectServer(direct, patience, route) })
  const metrics = createHostMetrics(() => options.services.flatMap((service): Metric[] => service.metrics?.() ?? []))
  const life: Life = { endless: new Set(), isClosing: false }
  const door = openPlainDoor(app.server as Server, { find: (path) => plain.get(path), keepAliveMs: KEEP_ALIVE_MS, patience })
  const known = createKnownPaths()
  const mount = createMount(app, { direct, plain }, options, metrics, life, known)
  const described = toDescribedAccess(options.bind)
  app.removeAllContentTypeParsers()
  // Bodies are read where the request is answered.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))

  for (const service of options.services) {
    for (const [name, route] of Object.entries(service.contract.routes)) {
      const call = service.api[name] as (input: unknown, ctx: Ctx) => Promise<unknown>
      mount(route.method, service.contract.base + route.path, route.access, DEFAULT_BODY_LIMIT_BYTES, (request, ctx) => answerContract(route, call, request, ctx))
    }
    mount('GET', `/api/${service.contract.service}/openapi.json`, described, 0, async () => toJson(toOpenApi(service.contract)))
    for (const raw of service.raw ?? []) mountRaw(mount, raw)
  }
  for (const raw of options.raw ?? []) mountRaw(mount, isForEveryPath(raw.path) ? withOtherMethods(raw, known) : raw)
  mountProbes(mount, options, metrics, described)

  const refuse = (reply: FastifyReply, error: AppError): void => respond(reply.hijack().raw, toProblem(error, ''))
  app.setNotFoundHandler(({ method, url }, reply) => refuse(reply, toUnserved(known, method, url)))
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => refuse(reply, error.statusCode === 400 ? errors.badJson({ reason: error.message }) : toAppError(error)))

  return {
    async listen() {
      try {
        await app.listen({ host: options.bind, port: options.port })
      } catch (cause) {
        throw toListenError(cause, { host: options.bind, port: options.port }) ?? cause
      }
      const address = app.server.address()
      const port = typeof address === 'object' && address !== null ? address.port : options.port
      return { url: `http://${options.bind.includes(':') ? `[${options.bind}]` : options.bind}:${port}`, port }
    },
    async close() {
      life.isClosing = true
      for (const stream of life.endless) stream.abort(new Error('The service closes.'))
      await Promise.all([door.close(), app.close()])
    },
  }
}

type Mount = (method: string, path: string, access: Access | 'open', limitBytes: number, handle: Handler, of?: Pick<RawRoute, 'always' | 'isPlain'>) => void

/** Event streams that run, and whether the host closes. */
type Life = { endless: Set<AbortController>; isClosing: boolean }

/** Serves one request whose route is known. */
type Serve = (exchange: Exchange, params: Record<string, string>) => Promise<void>

/** Routes without parameters, by "METHOD path". */
type Direct = Map<string, Serve>

/** Routes that need no router. `plain`: those of plain posts, by path. */
type Shortcuts = { direct: Direct; plain: Map<string, PlainServe> }

const KEEP_ALIVE_MS = 72_000
/** From a connection's first byte to its last, and of its headers alone; looked at every so often. What takes longer is answered 408 and cut off. */
const PATIENCE: Patience = { requestMs: 120_000, headersMs: 60_000, checkEveryMs: 30_000 }

export type Patience = { requestMs: number; headersMs: number; checkEveryMs: number }

/** A path that is written as a route is served at once; the router's life of a request costs more than some routes' work. All others are the router's. */
function createDirectServer(direct: Direct, { requestMs, headersMs, checkEveryMs }: Patience, route: (request: IncomingMessage, response: ServerResponse) => void): Server {
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: requestMs, headersTimeout: headersMs, connectionsCheckingInterval: checkEveryMs }, (request, response) => {
    const url = request.url as string
    const cut = url.indexOf('?')
    const serve = direct.get(`${request.method} ${cut < 0 ? url : url.slice(0, cut)}`)
    if (serve === undefined) route(request, response)
    else void serve(createExchange(request, response), {})
  })
}

/** Every route, ours or a dialect's, goes through here: credentials, body, context, measure, problem. */
function createMount(app: FastifyInstance, { direct, plain }: Shortcuts, options: HostOptions, metrics: HostMetrics, life: Life, known: KnownPaths): Mount {
  const local = isLoopback(options.bind)
  return (method, path, access, limitBytes, handle, { always, isPlain } = {}) => {
    const url = toRouterPath(path)
    const rest = /\{(\w+)\.\.\.\}$/.exec(path)?.[1]
    const serve: Serve = async (exchange, params) => {
      const startedAt = performance.now()
      const { headers, gone, url: target } = exchange
      const sentTrace = headers['x-trace-id']
      const traceId = sentTrace !== undefined && /^[\w-]{8,64}$/.test(sentTrace) ? sentTrace : crypto.randomUUID().replaceAll('-', '')
      const fail = (thrown: unknown): RawResponse => {
        const error = toAppError(thrown)
        if (error.kind === 'internal') options.log.error(error.message, { traceId, route: path, stack: thrown instanceof Error ? thrown.stack : undefined })
        return toProblem(error, traceId)
      }
      let response: RawResponse
      try {
        if (local) refuseForeignHost(headers['host'], options.publicUrl)
        const cut = target.indexOf('?')
        const anonymous = createCtx({ signal: gone.signal, traceId })
        const peer = headers[FRONT_HEADERS.key] === undefined ? exchange.address : await findCaller(exchange.address, headers, options.authenticate, anonymous)
        const source = { method: exchange.method, path: cut < 0 ? target : target.slice(0, cut), query: new URLSearchParams(cut < 0 ? undefined : target.slice(cut + 1)), headers, peer }
        const principal: Principal = access === 'public' || access === 'open' ? anonymous.principal : await identify(source, access, options, anonymous)
        const encoding = headers['content-encoding']
        const bytes = await exchange.readBody(limitBytes)
        const body = encoding === undefined ? bytes : await openBody(bytes, encoding, limitBytes)
        const request: RawRequest = { method: source.method, url: target, params: rest === undefined ? params : { ...params, [rest]: params['*'] ?? '' }, query: source.query, headers, body, peer }
        response = await handle(request, principal === anonymous.principal ? anonymous : { ...anonymous, principal })
      } catch (thrown) {
        response = fail(thrown)
      }
      const isEndless = response.headers?.['content-type']?.startsWith('text/event-stream') === true
      if (isEndless) {
        life.endless.add(gone)
        exchange.onEnd(() => life.endless.delete(gone))
        // Asked before the close and answered after it began.
        if (life.isClosing) gone.abort(new Error('The service closes.'))
      }
      try {
        // A connection that nothing follows on would hold up the close for as long as it is kept alive.
        exchange.respond(response, { 'x-trace-id': traceId, ...always?.(headers), ...(isEndless || life.isClosing ? { connection: 'close' } : {}) })
      } catch (thrown) {
        // A header of letters that no header may have; nothing was written yet.
        response = fail(thrown)
        exchange.respond(response, { 'x-trace-id': traceId })
      }
      metrics.observe(path, method, response.status, (performance.now() - startedAt) / 1000)
    }
    known.add(method, path)
    if (!path.includes('{')) direct.set(`${method} ${path}`, serve)
    if (isPlain === true && method === 'POST' && !path.includes('{')) plain.set(path, { limitBytes, serve: (exchange) => serve(exchange, {}) })
    app.route({
      method: method as 'GET',
      url,
      async handler(request, reply) {
        reply.hijack()
        await serve(createExchange(request.raw, reply.raw), { ...(request.params as Record<string, string>) })
      },
    })
  }
}

/** `{name}` is a parameter and `{name...}` the rest, whole segments both; a colon elsewhere is a letter (`/v1/flags:resolve`). */
function toRouterPath(path: string): string {
  return path
    .split('/')
    .map((segment) => (/^\{\w+\.\.\.\}$/.test(segment) ? '*' : segment.startsWith('{') ? `:${segment.slice(1, -1)}` : segment.replaceAll(':', '::')))
    .join('/')
}

/** Why nothing serves this: the path is unknown, or known for other methods. */
function toUnserved(known: KnownPaths, method: string, url: string): AppError {
  const path = url.split('?', 1)[0] ?? ''
  const methods = known.listMethods(path)
  const allow = methods.includes('GET') ? [...methods, 'HEAD'].sort() : methods
  return allow.length === 0 ? errors.noRoute({ method, path }) : errors.wrongMethod({ method, path, allow })
}

/** What a route for every path does not find may be served with another method. */
function withOtherMethods(raw: RawRoute, known: KnownPaths): RawRoute {
  return {
    ...raw,
    async handle(request, ctx) {
      const answer = await raw.handle(request, ctx)
      if (answer.status !== 404) return answer
      const error = toUnserved(known, request.method, request.url)
      return error.kind === 'wrong-method' ? toProblem(error, '') : answer
    },
  }
}

function mountRaw(mount: Mount, raw: RawRoute): void {
  mount(raw.method, raw.path, raw.access, raw.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES, (request, ctx) => raw.handle(request, ctx), raw)
}

async function answerContract(route: Route, call: (input: unknown, ctx: Ctx) => Promise<unknown>, request: RawRequest, ctx: Ctx): Promise<RawResponse> {
  const input: Record<string, unknown> = { ...readFields(route.params, request.params, 'path'), ...readFields(route.query, Object.fromEntries(request.query), 'query') }
  if (route.body !== undefined) {
    input['body'] = readJson(request.body)
    checkValue(route.body, input['body'], 'body')
  }
  const output = await call(input, ctx)
  if (route.status === 204) return { status: 204 }
  return toJson(output, route.status ?? (isCreation(output) ? 201 : 200))
}

/** A PUT that made something new says so in its answer, and answers 201. */
function isCreation(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'created' in output && output.created === true
}

function toJson(value: unknown, status = 200): RawResponse {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }, body: JSON.stringify(value) }
}

function mountProbes(mount: Mount, options: HostOptions, metrics: HostMetrics, described: Access): void {
  mount('GET', '/healthz', 'public', 0, async () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok\n' }))
  // Asked `?of=ROOM`, it tells of these of its own rooms and of none elsewhere: so other processes ask, which it may need in turn.
  mount('GET', '/readyz', 'public', 0, async (request, ctx) => {
    const asked = request.query.getAll('of')
    const here = asked.length === 0 ? options.services : options.services.filter(({ contract }) => asked.includes(contract.service))
    const elsewhere = asked.length === 0 ? options.elsewhere?.() : undefined
    const own = await Promise.all(here.map(async (service): Promise<Readiness> => {
      try {
        await service.ready?.(ctx)
        return { service: service.contract.service, ready: true }
      } catch (thrown) {
        return { service: service.contract.service, ready: false, reason: toAppError(thrown).message }
      }
    }))
    const states = [...own, ...((await elsewhere) ?? [])]
    return toJson({ ready: states.every((state) => state.ready), services: states }, states.every((state) => state.ready) ? 200 : 503)
  })
  mount('GET', '/metrics', described, 0, async (request) => {
    const { contentType, text } = await metrics.scrape(request.headers['accept'])
    return { status: 200, headers: { 'content-type': contentType }, body: text }
  })
  mount('GET', '/api', described, 0, async () =>
    toJson({ rows: options.services.map(({ contract }) => ({ service: contract.service, base: contract.base, openapi: `/api/${contract.service}/openapi.json` })) }))
}

/** A page of another site that resolves its own name to loopback (DNS rebinding) must not reach us. */
function refuseForeignHost(host: string | undefined, publicUrl: string | undefined): void {
  const name = host?.replace(/:\d+$/, '') ?? ''
  if (name === '' || name === '[::1]' || isLoopback(name) || (publicUrl !== undefined && host === new URL(publicUrl).host)) return
  throw errors.foreignHost({ host: name })
}
