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
/** More is held back in the connection until the requests before it are answered. */
const MAX_HELD_BYTES = 1024 * 1024
/** Of a body that has not come yet, no more is set aside on the word of its sender. */
const FIRST_BODY_BYTES = 1024 * 1024

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
  let held: Buffer[] = []
  let heldBytes = 0
  let isOver = false
  let hasEnded = false
  let isPaused = false
  let isClosing = false
  let asked = 0
  let lastAt = init.now()

  const onError = (): void => undefined
  const onEnd = (): void => {
    hasEnded = true
    if (slots.length === 0) socket.end()
  }
  socket.on('error', onError).on('end', onEnd)
  socket.on('close', () => {
    if (!isOver) gone.abort(new Error('The client left.'))
    for (const listener of endListeners) listener()
  })

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
        if (slots.length >= MAX_SERVED || isClosing) return rest
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
      const larger = init.bodies.take(into.head.bodyBytes)
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
    served.serve(exchange).then(() => {
      // After a failure of ours, something may still have it.
      if (slot.status < 500) init.bodies.give(bytes)
    }, () => socket.destroy())
  }

  function answer(slot: Slot, response: RawResponse, extra: Record<string, string>): void {
    if (socket.destroyed) return
    const isLast = extra['connection'] === 'close'
    const text = writePlainAnswer(response, extra, isLast ? undefined : init.keepAliveMs)
    slot.text = text
    slot.status = response.status
    slot.isLast = isLast
    while (slots[0]?.text !== undefined) write(slots.shift() as Slot)
    if (slots.length === 0 && hasEnded) socket.end()
    else if (held.length > 0 || isPaused) goOn()
  }

  function write({ text, isLast }: Slot): void {
    if (typeof text === 'string') socket.write(text, 'latin1')
    else socket.write(text as Uint8Array)
    if (isLast) socket.end()
  }

  /** With what waited for answers. */
  function goOn(): void {
    const bytes = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held)
    held = []
    heldBytes = 0
    settle(read(bytes))
    if (!isPaused || isOver) return
    isPaused = false
    socket.read(0)
  }

  /** What is left waits while answers are due; then it is not plain. */
  function settle(rest: Buffer): void {
    if (rest.length === 0 || socket.destroyed) return
    if (slots.length > 0 || isClosing) {
      held.push(Buffer.from(rest))
      heldBytes += rest.length
      return
    }
    isOver = true
    socket.off('end', onEnd).off('error', onError)
    socket.push(Buffer.from(rest))
    init.handOver(socket)
  }

  return {
    socket,
    take(bytes) {
      lastAt = init.now()
      if (isOver) return socket.push(Buffer.from(bytes))
      if (held.length > 0) {
        held.push(Buffer.from(bytes))
        heldBytes += bytes.length
      } else settle(read(bytes))
      isPaused = heldBytes > MAX_HELD_BYTES
      return !isPaused
    },
    check({ requestMs, headersMs }) {
      if (isOver || slots.length > 0) return
      const nowMs = init.now()
      if (body !== undefined) {
        if (nowMs - body.begunAt < requestMs) return
        socket.write(writePlainAnswer({ status: 408 }, { connection: 'close' }, undefined))
        socket.destroySoon()
      } else if (nowMs - lastAt >= (asked === 0 ? headersMs : init.keepAliveMs)) socket.destroy()
    },
    close() {
      isClosing = true
      if (!isOver && slots.length === 0 && body === undefined) socket.end()
    },
  }
}

