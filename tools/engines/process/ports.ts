// Ports of the loopback address.
import { randomInt } from 'node:crypto'
import { connect, createServer } from 'node:net'
import { host } from '../engine.ts'

export function isPortFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, host, () => server.close(() => done(true)))
  })
}

/** Below the ports that outgoing connections take, so that a port stays free while its engine is down. */
export async function findFreePorts(count: number): Promise<number[]> {
  const found: number[] = []
  while (found.length < count) {
    const port = randomInt(20_000, 32_000)
    if (!found.includes(port) && (await isPortFree(port))) found.push(port)
  }
  return found
}

export function isListening(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host })
    const end = (answer: boolean): void => {
      socket.destroy()
      done(answer)
    }
    socket.setTimeout(1000, () => end(false))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
