// One connection: its requests are answered one after the other, as a broker does, and whoever is too slow is let go.
import { once } from 'node:events'
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

export function serveConnection(socket: Socket, face: Face, tell: Trouble): void {
  const frames = new Frames()
  const gone = new AbortController()
  const ctx = createCtx({ signal: gone.signal })
  const caller: Caller = { session: face.anonymous, address: toPlain(socket.remoteAddress), reached: { host: toPlain(socket.localAddress), port: socket.localPort ?? 0 }, signingIn: undefined }
  const signInByMs = face.timers.nowMs() + face.limits.patienceMs
  let isBusy = false
  let isMidway = false
  /** Counted in `face.buffered`. */
  let counted = 0
  let callOffDeadline = (): void => undefined
  let callOffWait = (): void => undefined

  const allow = (ms: number): void => {
    callOffDeadline()
    callOffDeadline = face.timers.after(Math.max(0, ms), () => socket.destroy())
  }
  const count = (bytes: number): void => {
    face.buffered += bytes - counted
    counted = bytes
  }
  const end = (thrown: unknown): void => {
    const isTheirs = thrown instanceof MalformedRequest || thrown instanceof FaceError || thrown instanceof RangeError
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
    allow(face.limits.patienceMs)
    await once(socket, 'drain', { signal: gone.signal })
  }
  const next = (): Buffer | undefined => frames.next(caller.session === undefined ? STRANGER_BYTES : face.limits.maxRequestBytes)
  const work = async (): Promise<void> => {
    isBusy = true
    try {
      for (let frame = next(); frame !== undefined && !socket.destroyed; frame = next()) {
        callOffDeadline()
        isMidway = false
        await answer(frame)
      }
    } catch (thrown) {
      if (!socket.destroyed) end(thrown)
    } finally {
      isBusy = false
    }
    if (socket.destroyed) return
    count(frames.heldBytes)
    // The time of a request that comes in pieces runs from its first byte, and that of signing in from the start.
    if (frames.heldBytes > 0 && !isMidway) {
      isMidway = true
      allow(face.limits.patienceMs)
    } else if (frames.heldBytes === 0) allow(caller.session === undefined ? signInByMs - face.timers.nowMs() : face.limits.idleMs)
    if (face.buffered <= face.limits.maxBufferedBytes) socket.resume()
    else waitForRoom()
  }
  /** Others are to finish first; who never gets room runs into the deadline of its request. */
  const waitForRoom = (): void => {
    socket.pause()
    callOffWait = face.timers.after(100, () => {
      if (face.buffered <= face.limits.maxBufferedBytes) socket.resume()
      else waitForRoom()
    })
  }

  socket.on('data', (chunk: Buffer) => {
    frames.push(chunk)
    if (!isBusy) void work()
    else if (frames.heldBytes > AHEAD_BYTES) socket.pause()
  })
  socket.on('error', () => socket.destroy())
  socket.on('end', () => socket.destroy())
  socket.once('close', () => {
    callOffDeadline()
    callOffWait()
    count(0)
    gone.abort(new Error('The client left.'))
  })
  socket.setNoDelay(true)
  socket.setKeepAlive(true, 60_000)
  allow(face.limits.patienceMs)
}

/** IPv4 that comes over a socket of both kinds is IPv4. */
function toPlain(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '')
}
