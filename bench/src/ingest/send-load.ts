// The load: requests made beforehand, over plain sockets kept alive, so that the sender costs little beside the server.
import { connect, type Socket } from 'node:net'
import { answerParent } from './child.ts'
import { FORMS, isSegment, makeBodies, START_MS, WRITE_KEY, type Form } from './make-bodies.ts'
import { makeColumns } from './make-columns.ts'

export type Prepare = { form: Form | 'columns'; batches: number; batchEvents: number }
/** `perSecond`: sent at this pace whatever the answers do, and latency counts from the instant a request was due; else as fast as answers come. */
export type Send = { port: number; connections: number; depth: number; requests: number; perSecond?: number }
export type Sent = { wallSeconds: number; p50Ms: number; p99Ms: number }

type Request = { bytes: Buffer; idsAt: number[] }

if (import.meta.main) {
  let requests: Request[] = []
  let sent = 0
  answerParent(async (question) => {
    if ('form' in question) {
      requests = makeRequests(question as Prepare)
      sent = 0
      return requests[0]?.bytes.length
    }
    const send = question as Send
    const take = (): Buffer => {
      const request = requests[sent % requests.length] as Request
      renewIds(request, Math.floor(sent / requests.length))
      sent += 1
      return request.bytes
    }
    return sendAll(send, take)
  })
}

function makeRequests({ form, batches, batchEvents }: Prepare): Request[] {
  const { path, contentType } = FORMS[form]
  const bodies = form === 'columns' ? makeColumns(batches, batchEvents, 0) : makeBodies(form, batches, batchEvents, 0)
  return bodies.map((body) => {
    const authorization = isSegment(form) ? `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}` : `Bearer ${WRITE_KEY}`
    const head = Buffer.from(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${authorization}\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n`)
    const bytes = Buffer.concat([head, body])
    // Of a column, ids lie one behind the other.
    if (form === 'columns') return { bytes, idsAt: Array.from({ length: batchEvents }, (_, i) => bytes.indexOf(ID_BEGIN) + i * ID_BYTES) }
    const token = isSegment(form) ? '"messageId":"' : '"id":"'
    const idsAt: number[] = []
    for (let at = bytes.indexOf(token); at >= 0; at = bytes.indexOf(token, at + 1)) idsAt.push(at + token.length)
    return { bytes, idsAt }
  })
}

/** How all ids begin: with the time at which they are made. */
const ID_BEGIN = START_MS.toString(16).padStart(12, '0').replace(/^(.{8})/, '$1-')
const ID_BYTES = 36

/** The same bodies again, with ids that were not there before: their last four digits are the round. */
function renewIds({ bytes, idsAt }: Request, round: number): void {
  const digits = Buffer.from(round.toString(16).padStart(4, '0'))
  for (const at of idsAt) bytes.set(digits, at + 32)
}

async function sendAll({ port, connections, depth, requests, perSecond }: Send, take: () => Buffer): Promise<Sent> {
  const latenciesMs: number[] = []
  const lines = await Promise.all(Array.from({ length: connections }, () => openLine(port, (ms) => latenciesMs.push(ms))))
  const startedAt = performance.now()
  let left = requests
  if (perSecond === undefined) {
    await Promise.all(
      lines.map(async (line) => {
        while (left > 0 || line.waiting > 0) {
          while (left > 0 && line.waiting < depth) {
            left -= 1
            line.send(take(), performance.now())
          }
          await line.answered()
        }
      }),
    )
  } else await sendInTime(lines, requests, perSecond, take)
  const wallSeconds = (performance.now() - startedAt) / 1000
  for (const line of lines) line.end()
  latenciesMs.sort((a, b) => a - b)
  const at = (share: number): number => latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))] ?? NaN
  return { wallSeconds, p50Ms: at(0.5), p99Ms: at(0.99) }
}

async function sendInTime(lines: Line[], requests: number, perSecond: number, take: () => Buffer): Promise<void> {
  const startedAt = performance.now()
  let made = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now()
      for (; made < requests && startedAt + (made * 1000) / perSecond <= now; made += 1) (lines[made % lines.length] as Line).send(take(), startedAt + (made * 1000) / perSecond)
      if (made < requests) return
      clearInterval(timer)
      resolve()
    }, 1)
  })
  await Promise.all(lines.map(async (line) => { while (line.waiting > 0) await line.answered() }))
}

type Line = { readonly waiting: number; send(bytes: Buffer, dueAt: number): void; answered(): Promise<void>; end(): void }

const HEAD_END = Buffer.from('\r\n\r\n')

/** A connection whose answers come in the order of its requests. Throws what an answer other than 2xx says. */
async function openLine(port: number, note: (latencyMs: number) => void): Promise<Line> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const due: number[] = []
  let rest: Buffer = Buffer.alloc(0)
  let wake: PromiseWithResolvers<void> | undefined
  const fail = (reason: string): void => {
    wake ??= Promise.withResolvers()
    wake.reject(new Error(reason))
  }
  socket.on('error', (error) => fail(error.message))
  socket.on('close', () => due.length > 0 && fail('The server closed the connection.'))
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (;;) {
      const headEnd = rest.indexOf(HEAD_END)
      if (headEnd < 0) break
      const head = rest.toString('latin1', 0, headEnd)
      const stop = headEnd + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (rest.length < stop) break
      const answer = rest.subarray(0, stop)
      if (!/^HTTP\/1.1 20[02]/.test(head) || answer.includes('"status":"d') || answer.includes('"results":[{"row"')) return fail(`A good batch was answered with: ${answer.toString('utf8', 0, 2000)}`)
      note(performance.now() - (due.shift() as number))
      rest = rest.subarray(stop)
    }
    wake?.resolve()
  })
  return {
    get waiting() {
      return due.length
    },
    send(bytes, dueAt) {
      due.push(dueAt)
      // Written at once or copied: the bytes are renewed for a later round only after their answer.
      socket.write(bytes)
    },
    async answered() {
      wake ??= Promise.withResolvers()
      await wake.promise
      wake = undefined
    },
    end: () => socket.destroy(),
  }
}
