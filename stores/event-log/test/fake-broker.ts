// A broker that knows only what a test has it answer: for engines that are too old, that refuse a user, or that are no brokers.
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Writer } from '@platformatic/kafka'

export type Request = { key: number; version: number; correlationId: number }

/** The whole answer behind its size; undefined ends the connection. */
export type Answer = (request: Request) => Writer | undefined

export async function createFakeBroker(answer: Answer): Promise<AsyncDisposable & { url: string; requests: Request[] }> {
  const requests: Request[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => {
      const request = { key: bytes.readInt16BE(4), version: bytes.readInt16BE(6), correlationId: bytes.readInt32BE(8) }
      requests.push(request)
      const found = answer(request)
      if (found === undefined) socket.destroy()
      else socket.write(found.prependLength().buffer)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `kafka://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((done) => void server.close(() => done()))
    },
  }
}

/** To a question for versions, of the old form and of the one with tags. */
export function answerVersions({ version, correlationId }: Request, apis: [key: number, from: number, to: number][]): Writer {
  const writer = Writer.create().appendInt32(correlationId).appendInt16(0)
  if (version < 3) return writer.appendArray(apis, (w, [key, from, to]) => void w.appendInt16(key).appendInt16(from).appendInt16(to), false, false).appendInt32(0)
  return writer.appendArray(apis, (w, [key, from, to]) => void w.appendInt16(key).appendInt16(from).appendInt16(to)).appendInt32(0).appendTaggedFields()
}
