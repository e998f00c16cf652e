// Stands before node:http: connections that bring plain requests are read here, at a third of the cost, and all others go on to it, with what they said so far.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { createBufferPool } from '@rondo/files'
import { createPlainConnection, type PlainConnection, type PlainConnectionInit } from './plain-connection.ts'
import { takeSocket } from './take-socket.ts'

/** One read at most: bytes of one system call, which lie in the cache of the processor when they are looked at. */
const READ_BYTES = 256 * 1024
const IDLE_BODY_BYTES = 16 * 1024 * 1024

export type PlainDoor = {
  /** Ends connections on which nothing is under way; others end with their answers. Resolves when none is left, on which `node:http` reads neither. */
  close(): Promise<void>
}

export type PlainDoorInit = Pick<PlainConnectionInit, 'find' | 'keepAliveMs'> & { patience: { requestMs: number; headersMs: number; checkEveryMs: number } }

export function openPlainDoor(server: Server, { find, keepAliveMs, patience }: PlainDoorInit): PlainDoor {
  const [serveHttp] = server.listeners('connection') as ((socket: Socket) => void)[]
  if (serveHttp === undefined) throw new Error('A server of node:http listens to its connections.')
  server.removeListener('connection', serveHttp)
  const shared = Buffer.allocUnsafeSlow(READ_BYTES)
  const bodies = createBufferPool(IDLE_BODY_BYTES)
  const plain = new Map<Socket, PlainConnection>()
  const sockets = new Set<Socket>()
  const handOver = (socket: Socket): void => {
    plain.delete(socket)
    serveHttp.call(server, socket)
  }
  server.on('connection', (accepted: Socket) => {
    const taken = takeSocket(accepted, { buffer: shared, callback: (sizeBytes) => connection?.take(shared.subarray(0, sizeBytes)) ?? true })
    const socket = taken ?? accepted
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      plain.delete(socket)
    })
    const connection = taken && createPlainConnection(taken, { find, bodies, handOver, now: () => performance.now(), keepAliveMs })
    if (connection === undefined) return serveHttp.call(server, socket)
    plain.set(socket, connection)
  })
  const checking = setInterval(() => {
    for (const connection of plain.values()) connection.check(patience)
  }, patience.checkEveryMs).unref()
  return {
    async close() {
      for (const connection of plain.values()) connection.close()
      // Browsers open connections ahead of need; node:http would wait a minute for their first request.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
      await Promise.all([...sockets].map((socket) => new Promise<void>((resolve) => void socket.once('close', () => resolve()))))
      clearInterval(checking)
    },
  }
}
