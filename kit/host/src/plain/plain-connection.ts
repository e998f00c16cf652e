// A connection that brings plain requests one behind the other: bodies are gathered, requests served as they are whole, answers written in their order. The
// first bytes that are not plain, and all behind them, are node:http's.
import type { Socket } from 'node:net'
import type { RawResponse } from '@rondo/contract'
import type { BufferPool } from '@rondo/files'
import type { Exchange } from '../exchange.ts'
import { readPlainHead, type PlainHead } from './plain-head.ts'
import { writePlainAnswer } from './write-plain-answer.ts'

/** Requests of one connection that are served at once; more wait. */
const MAX_SERVED = 16
/** More is left in the connection until the requests before it are answered. */
const MAX_HELD_BYTES = 1024 * 1024
/** Of a body that has not come yet, no more is set aside on the word of its sender; then twice as much as came. */
const FIRST_BODY_BYTES = 64 * 1024
const NO_BYTES = Buffer.alloc(0)

/** How plain requests of a path are served, which keeps nothing of a body behind its answer. Larger bodies than `limitBytes` are not plain. */
export type PlainServe = { limitBytes: number; serve(exchange: Exchange): Promise<void> }

export type PlainConnectionInit = {
  find(path: string): PlainServe | undefined
  bodies: BufferPool
  /** The connection is another's from now on; it has in it what was not served. */
  handOver(socket: Socket): void
  now(): number
  /** Told with each answer: how long an idle connection is kept. */
  keepAliveMs: number
}

export type PlainConnection = {
  readonly socket: Socket
  /** Called for each read; `bytes` are used again afterwards. False: no more for now. */
  take(bytes: Buffer): boolean
  /** Cuts off what takes too long. */
  check(patience: { requestMs: number; headersMs: number }): void
  /** Ends it when nothing is under way; else the last answer does. */
  close(): void
}

type Body = { head: PlainHead; served: PlainServe; bytes: Buffer; filled: number; begunAt: number }
type Slot = { text: string | Uint8Array | undefined; status: number; isLast: boolean }

export function createPlainConnection(socket: Socket, init: PlainConnectionInit): PlainConnection {
  const gone = new AbortController()
  const address = socket.remoteAddress ?? ''
  const slots: Slot[] = []
  const endListeners: (() => void)[] = []
  let body: Body | undefined
  /** What waits, in memory of its own. */
  let held: Buffer = NO_BYTES
  let isOver = false
  let hasEnded = false
  let isPaused = false
  let isClosing = false
  let asked = 0
  let lastAt = init.now()
  /** Since when the client takes none of its answers. */
  let stuckAt: number | undefined

  const onError = (): void => undefined
  const onEnd = (): void => {
    hasEnded = true
    endWhenDone()
  }
  const onDrain = (): void => goOn()
  socket.on('error', onError).on('end', onEnd).on('drain', onDrain)
  socket.on('close', () => {
    if (!isOver) gone.abort(new Error('The client left.'))
    if (body !== undefined) init.bodies.give(body.bytes)
    body = undefined
    for (const listener of endListeners) listener()
  })

  /** Nothing more is served now: too much is under way, or its client takes no answers. */
  function isFull(): boolean {
    return slots.length >= MAX_SERVED || isClosing || socket.writableNeedDrain
  }

  /** A client that said its last word is answered, and let go. */
  function endWhenDone(): void {
    if (hasEnded && slots.length === 0 && held.length === 0) socket.end()
  }

  /** Serves what is whole in `bytes` and gives what was not used: what has to wait, or is not plain. */
  function read(bytes: Buffer): Buffer {
    let rest = bytes
    while (rest.length > 0) {
      if (body !== undefined) {
        const part = rest.subarray(0, body.head.bodyBytes - body.filled)
        rest = rest.subarray(part.length)
        fill(body, part)
        if (body.filled < body.head.bodyBytes) return rest
        const whole = body
        body = undefined
        serve(whole)
      } else {
        if (isFull()) return rest
        const head = readPlainHead(rest)
        const served = head && init.find(head.path)
        if (head === undefined || served === undefined || head.bodyBytes > served.limitBytes) return rest
        rest = rest.subarray(head.headBytes)
        body = { head, served, bytes: init.bodies.take(Math.max(1, Math.min(head.bodyBytes, FIRST_BODY_BYTES))), filled: 0, begunAt: lastAt }
        if (head.bodyBytes === 0) {
          const whole = body
          body = undefined
          serve(whole)
        }
      }
    }
    return rest
  }

  function fill(into: Body, part: Buffer): void {
    const size = into.filled + part.length
    if (size > into.bytes.byteLength) {
      const larger = init.bodies.take(Math.min(into.head.bodyBytes, size * 2))
      larger.set(into.bytes.subarray(0, into.filled))
      init.bodies.give(into.bytes)
      into.bytes = larger
    }
    into.bytes.set(part, into.filled)
    into.filled = size
  }

  function serve({ head, served, bytes }: Body): void {
    const slot: Slot = { text: undefined, status: 500, isLast: false }
    slots.push(slot)
    asked += 1
    const exchange: Exchange = {
      method: 'POST',
      url: head.url,
      headers: head.headers,
      address,
      gone,
      readBody: () => bytes.subarray(0, head.bodyBytes),
      respond: (response, extra) => answer(slot, response, extra),
      onEnd: (listener) => void endListeners.push(listener),
    }
    // In a turn of its own: what is refused at once must not be answered while the bytes behind it are read.
    Promise.resolve().then(() => served.serve(exchange)).then(() => {
      // After a failure of ours, something may still have it.
      if (slot.status < 500) init.bodies.give(bytes)
    }, () => socket.destroy())
  }

  function answer(slot: Slot, response: RawResponse, extra: Record<string, string>): void {
    if (socket.destroyed) return
    // Of several that are under way, the last ends the connection.
    const isLast = extra['connection'] === 'close' && slots.at(-1) === slot
    slot.text = writePlainAnswer(response, extra, isLast ? undefined : init.keepAliveMs)
    slot.status = response.status
    slot.isLast = isLast
    while (slots[0]?.text !== undefined) write(slots.shift() as Slot)
    goOn()
    endWhenDone()
  }

  function write({ text, isLast }: Slot): void {
    if (typeof text === 'string') socket.write(text, 'latin1')
    else socket.write(text as Uint8Array)
    if (isLast) socket.destroySoon()
  }

  /** With what waited for answers, or for their being taken. */
  function goOn(): void {
    if (isOver || isFull() || socket.destroyed) return
    const bytes = held
    held = NO_BYTES
    settle(read(bytes), true)
    if (!isPaused || isOver || held.length > MAX_HELD_BYTES || socket.writableNeedDrain) return
    isPaused = false
    socket.read(0)
  }

  /** What is left waits while answers are due; then it is not plain. `isOwn`: in memory that nobody uses again. */
  function settle(rest: Buffer, isOwn: boolean): void {
    if (rest.length === 0 || socket.destroyed) return
    if (slots.length > 0 || isFull()) {
      held = isOwn ? rest : Buffer.from(rest)
      return
    }
    // Behind its end nothing can be given to node:http any more.
    if (hasEnded) return refuse(400)
    isOver = true
    socket.off('end', onEnd).off('error', onError).off('drain', onDrain)
    socket.push(isOwn ? rest : Buffer.from(rest))
    init.handOver(socket)
  }

  function refuse(status: number): void {
    socket.write(writePlainAnswer({ status }, { connection: 'close' }, undefined))
    socket.destroySoon()
  }

  return {
    socket,
    take(bytes) {
      lastAt = init.now()
      if (isOver) return socket.push(Buffer.from(bytes))
      if (held.length > 0) held = Buffer.concat([held, bytes])
      else settle(read(bytes), false)
      isPaused = !isOver && (held.length > MAX_HELD_BYTES || socket.writableNeedDrain)
      return !isPaused
    },
    check({ requestMs, headersMs }) {
      if (isOver) return
      const nowMs = init.now()
      stuckAt = socket.writableNeedDrain ? (stuckAt ?? nowMs) : undefined
      if (stuckAt !== undefined && nowMs - stuckAt >= requestMs) socket.destroy()
      else if (slots.length > 0) return
      else if (body === undefined) {
        if (nowMs - lastAt >= (asked === 0 ? headersMs : init.keepAliveMs)) socket.destroy()
      } else if (nowMs - body.begunAt >= requestMs) refuse(408)
    },
    close() {
      isClosing = true
      if (!isOver && slots.length === 0 && body === undefined) socket.destroySoon()
    },
  }
}

