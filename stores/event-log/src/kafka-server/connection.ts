// One connection: its requests are answered one after the other, as a broker does, and whoever is too slow is let go.
//
// Who leaves has said what it has said: requests that came whole before the end are done, also when nobody is there to read the answers. A producer
// that asks for no answer (acks=0) sends and goes.
import type { Socket } from 'node:net'
import { createCtx } from '@rondo/context'
import type { Caller, Face } from './call.ts'
import { dispatch } from './dispatch.ts'
import { Frames } from './frames.ts'
import { MalformedRequest } from './wire-reader.ts'
import { FaceError } from './error-code.ts'

/** So much of what follows may lie ready while a request is being answered. */
const AHEAD_BYTES = 64 * 1024
/** Of who has not signed in: names and a password. */
const STRANGER_BYTES = 16 * 1024

export type Trouble = (message: string, fields: Record<string, unknown>) => void

export type Connection = {
  /** Reads no more; resolves when what came whole is done and the connection is closed. */
  finish(): Promise<void>
  /** What is being done is given up. */
  abort(): void
}

/** `onOver`: the connection is closed and nothing of it is under way. */
export function serveConnection(socket: Socket, face: Face, tell: Trouble, onOver: () => void): Connection {
  const frames = new Frames()
  const left = new AbortController()
  const aborted = new AbortController()
  const ctx = createCtx({ signal: aborted.signal })
  const over = Promise.withResolvers<void>()
  const caller: Caller = { session: face.anonymous, address: toPlain(socket.remoteAddress), reached: { host: toPlain(socket.localAddress), port: socket.localPort ?? 0 }, signingIn: undefined, left: left.signal }
  const signInByMs = face.timers.nowMs() + face.limits.patienceMs
  let isBusy = false
  let isMidway = false
  let isRefused = false
  let isFinishing = false
  let isOver = false
  /** Counted in `face.buffered`. */
  let counted = 0
  let callOffDeadline = (): void => undefined
  let callOffWait = (): void => undefined

  const allow = (ms: number, kind: 'slow' | 'idle'): void => {
    callOffDeadline()
    callOffDeadline = face.timers.after(Math.max(0, ms), () => {
      face.tally[kind] += 1
      socket.destroy()
    })
  }
  const count = (bytes: number): void => {
    face.buffered += bytes - counted
    counted = bytes
  }
  const refuse = (thrown: unknown): void => {
    const isTheirs = thrown instanceof MalformedRequest || thrown instanceof FaceError || thrown instanceof RangeError
    isRefused = true
    face.tally.refused += 1
    tell(isTheirs ? 'Kafka client refused' : 'Kafka request failed', { address: caller.address, reason: thrown instanceof Error ? thrown.message : String(thrown) })
    socket.destroy()
  }
  const answer = async (frame: Buffer): Promise<void> => {
    count(frame.byteLength + frames.heldBytes)
    const bytes = await dispatch(face, caller, frame, ctx)
    if (bytes === undefined || socket.destroyed) return
    count(bytes.byteLength + frames.heldBytes)
    if (socket.write(bytes)) return
    if (isFinishing) return void socket.destroy()
    allow(face.limits.patienceMs, 'slow')
    await drained(socket)
    callOffDeadline()
  }
  const next = (): Buffer | undefined => frames.next(caller.session === undefined ? STRANGER_BYTES : face.limits.maxRequestBytes)
  const work = async (): Promise<void> => {
    isBusy = true
    try {
      for (let frame = next(); frame !== undefined; frame = next()) {
        callOffDeadline()
        isMidway = false
        await answer(frame)
      }
    } catch (thrown) {
      refuse(thrown)
    } finally {
      isBusy = false
    }
    rest()
  }
  /** Nothing is being done: what comes next is waited for, if anything does. */
  const rest = (): void => {
    if (socket.closed) return conclude()
    count(frames.heldBytes)
    if (isRefused || isFinishing) return void socket.destroy()
    if (socket.readableEnded) {
      allow(face.limits.patienceMs, 'slow')
      return void socket.end()
    }
    // The time of a request that comes in pieces runs from its first byte, and that of signing in from the start.
    if (frames.heldBytes > 0 && !isMidway) {
      isMidway = true
      allow(face.limits.patienceMs, 'slow')
    } else if (frames.heldBytes === 0) {
      if (caller.session === undefined) allow(signInByMs - face.timers.nowMs(), 'slow')
      else allow(face.limits.idleMs, 'idle')
    }
    if (face.buffered <= face.limits.maxBufferedBytes) socket.resume()
    else waitForRoom()
  }
  /** Others are to finish first; who never gets room runs into the deadline of its request. */
  const waitForRoom = (): void => {
    socket.pause()
    callOffWait()
    callOffWait = face.timers.after(100, () => {
      if (face.buffered <= face.limits.maxBufferedBytes) socket.resume()
      else waitForRoom()
    })
  }
  const take = (chunk: Buffer): void => {
    if (isRefused) return
    frames.push(chunk)
    if (!isBusy) void work()
    else if (frames.heldBytes > AHEAD_BYTES) socket.pause()
  }
  const conclude = (): void => {
    if (isOver) return
    isOver = true
    callOffDeadline()
    count(0)
    over.resolve()
    onOver()
  }

  socket.on('data', take)
  socket.on('error', () => {
    // It was read while the connection was paused, and nobody would be given it any more.
    for (let unread = socket.read() as Buffer | null; unread !== null; unread = socket.read() as Buffer | null) take(unread)
    socket.destroy()
  })
  socket.on('end', () => {
    left.abort()
    if (!isBusy) rest()
  })
  socket.once('close', () => {
    callOffWait()
    left.abort()
    if (!isBusy) conclude()
  })
  socket.setNoDelay(true)
  socket.setKeepAlive(true, 60_000)
  allow(face.limits.patienceMs, 'slow')
  return {
    finish() {
      isFinishing = true
      socket.pause()
      left.abort()
      if (!isBusy || socket.writableNeedDrain) socket.destroy()
      return over.promise
    },
    abort: () => aborted.abort(new Error('The server ended.')),
  }
}

/** What was written lies with the system, or nobody is there to read it. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      socket.off('drain', end)
      socket.off('close', end)
      resolve()
    }
    socket.on('drain', end)
    socket.on('close', end)
  })
}

/** IPv4 that comes over a socket of both kinds is IPv4. */
export function toPlain(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}
