// A TCP proxy between a client and an engine that is slow, cuts, or loses an answer after the engine has done what it was asked.
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export type FaultProxyOptions = {
  /** Loopback port that connections go on to. */
  targetPort: number
  /** To listen at; any free one when 0 or absent. */
  port?: number
  /** Latency of every chunk of bytes, each way. */
  delayMs?: number
  /** How the delay is waited for; real time when absent. */
  wait?: (ms: number) => Promise<unknown>
}

export type LostAnswer = {
  /** Which bytes of a client are the request; the next ones whatever they say when absent. Bytes arrive as they were written, often one request at a time. */
  request?: (bytes: Buffer) => boolean
  /** Which bytes of the engine, on the same connection, are the answer; the first ones when absent. */
  answer?: (bytes: Buffer) => boolean
}

export type FaultProxy = AsyncDisposable & {
  /** Where clients connect, on 127.0.0.1. */
  readonly port: number
  /** Clients that are connected. */
  readonly connections: number
  /** For bytes that arrive from now on. */
  setDelayMs(delayMs: number): void
  /** Resets every open connection; new ones are served. */
  cut(): void
  /** Resets every open connection, and new ones as soon as they come. */
  close(): void
  /** After `close`: serves again. */
  open(): void
  /**
   * The next request goes through; when its answer comes, the answer is thrown away and the connection reset: it is done, and the client does not
   * know. Resolves when that has happened. Only the first connection that matches loses something.
   */
  loseAnswer(lost?: LostAnswer): Promise<void>
}

/** `await using proxy = await createFaultProxy({ targetPort })` */
export async function createFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const links = new Set<Link>()
  const losses: Loss[] = []
  let delayMs = options.delayMs ?? 0
  let isClosed = false
  // Half-open, so that one side may say its last word and still listen.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', ignore)
    if (isClosed) {
      client.resetAndDestroy()
      return
    }
    const link: Link = { client, engine: connect({ port: options.targetPort, host: '127.0.0.1', allowHalfOpen: true }), loss: undefined }
    link.engine.on('error', ignore)
    for (const socket of [link.client, link.engine]) socket.setNoDelay(true)
    links.add(link)
    const later = (): Promise<unknown> | undefined => (delayMs === 0 ? undefined : (options.wait ?? wait)(delayMs))
    carry(link.client, link.engine, later, (bytes) => {
      const at = losses.findIndex(({ wanted }) => wanted.request?.(bytes) ?? true)
      if (at !== -1 && link.loss === undefined) [link.loss] = losses.splice(at, 1)
      return true
    })
    carry(link.engine, link.client, later, (bytes) => {
      if (link.loss === undefined || !(link.loss.wanted.answer?.(bytes) ?? true)) return true
      reset(link)
      link.loss.done()
      return false
    })
    // An end that a side cannot announce any more is the end of the other.
    for (const [one, other] of [
      [link.client, link.engine],
      [link.engine, link.client],
    ] as const) {
      one.once('close', (hadError) => {
        if (other.destroyed) links.delete(link)
        if (hadError) resetSocket(other)
        else other.end()
      })
    }
  })
  await listen(server, options.port ?? 0)
  const cut = (): void => links.forEach(reset)
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return [...links].filter(({ client }) => !client.destroyed).length
    },
    setDelayMs: (ms) => void (delayMs = ms),
    cut,
    close() {
      isClosed = true
      cut()
    },
    open: () => void (isClosed = false),
    loseAnswer: (wanted = {}) => new Promise((done) => void losses.push({ wanted, done })),
    async [Symbol.asyncDispose]() {
      cut()
      await new Promise<void>((done) => void server.close(() => done()))
    },
  }
}

type Loss = { wanted: LostAnswer; done: () => void }
type Link = { client: Socket; engine: Socket; loss: Loss | undefined }

/** Bytes keep their order, and each waits its own delay: latency, not a narrow line. `pass` sees them as they are about to leave. */
function carry(from: Socket, to: Socket, later: () => Promise<unknown> | undefined, pass: (bytes: Buffer) => boolean): void {
  let before: Promise<unknown> | undefined
  const send = (bytes: Buffer): void => {
    if (!pass(bytes) || to.destroyed || to.writableEnded) return
    if (to.write(bytes)) return
    from.pause()
    to.once('drain', () => from.resume())
  }
  const inTurn = (work: () => void): void => {
    const due = later()
    if (due === undefined && before === undefined) work()
    else {
      const turn = Promise.all([before, due]).then(work)
      before = turn
      void turn.then(() => void (before === turn && (before = undefined)))
    }
  }
  from.on('data', (bytes: Buffer) => inTurn(() => send(bytes)))
  from.once('end', () => inTurn(() => void to.end()))
}

function reset(link: Link): void {
  resetSocket(link.client)
  resetSocket(link.engine)
}

/** Node cannot reset a socket whose end is on its way, and would then never let go of it. */
function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', () => done())
  })
}

/** A socket that breaks is what this proxy is about; its end follows. */
function ignore(): void {}
