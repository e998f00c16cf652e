// A log in memory with Kafka's protocol before it, for tests: everybody may do everything, and "good" is a password.
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { createCtx } from '@rondo/context'
import { createRandom } from '@rondo/random'
import { openEventLog, type EventLog } from '../src/index.ts'
import { createTopicsOfLog, serveKafka, type KafkaServer, type KafkaServerOptions, type Timers } from '../src/kafka-server/serve-kafka.ts'

export const NOW = 1_790_000_000_000
export const ctx = createCtx()

export type LogFace = AsyncDisposable & { log: EventLog; server: KafkaServer; port: number; address: string; /** What was told of clients. */ troubles: string[] }

/** Topics: "t" with one partition, "t4" with four. */
export async function openFace(options: Partial<KafkaServerOptions> = {}, mustSignIn = false): Promise<LogFace> {
  const log = await openEventLog('memory:')
  await log.createTopic('t', { partitions: 1 }, ctx)
  await log.createTopic('t4', { partitions: 4 }, ctx)
  const everybody = { id: 'everybody', name: 'everybody', may: async () => true }
  const troubles: string[] = []
  const server = await serveKafka({
    log,
    topics: createTopicsOfLog(log, () => NOW),
    signIn: async ({ password }) => (password === 'good' ? everybody : undefined),
    ...(mustSignIn ? {} : { anonymous: everybody }),
    listen: { host: '127.0.0.1', port: 0 },
    random: createRandom(1),
    onTrouble: (message, { reason }) => troubles.push(`${message}: ${String(reason)}`),
    ...options,
  })
  const { port } = server.address
  return {
    log,
    server,
    port,
    address: `127.0.0.1:${port}`,
    troubles,
    async [Symbol.asyncDispose]() {
      await server.close()
      await log.close()
    },
  }
}

export type Wire = AsyncDisposable & { socket: Socket; send(request: Buffer): void; /** The next answer; undefined when the connection ends first. */ receive(): Promise<Buffer | undefined> }

/** A connection of bare frames. */
export async function openWire(port: number): Promise<Wire> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let bytes = Buffer.alloc(0)
  let isOver = false
  let wake = (): void => undefined
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk])
    wake()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    isOver = true
    wake()
  })
  return {
    socket,
    send(request) {
      const frame = Buffer.alloc(4 + request.byteLength)
      frame.writeInt32BE(request.byteLength)
      request.copy(frame, 4)
      socket.write(frame)
    },
    async receive() {
      while (bytes.byteLength < 4 || bytes.byteLength < 4 + bytes.readInt32BE(0)) {
        if (isOver) return undefined
        await new Promise<void>((resolve) => (wake = resolve))
      }
      const end = 4 + bytes.readInt32BE(0)
      const answer = bytes.subarray(4, end)
      bytes = bytes.subarray(end)
      return answer
    },
    async [Symbol.asyncDispose]() {
      socket.destroy()
    },
  }
}

/** Time that moves when it is told to. */
export function createTimers(): Timers & { advance(ms: number): void; settle(count: number): Promise<void> } {
  const waiting = new Set<{ atMs: number; run: () => void }>()
  let nowMs = 0
  return {
    nowMs: () => nowMs,
    after(afterMs, run) {
      const timer = { atMs: nowMs + afterMs, run }
      waiting.add(timer)
      return () => void waiting.delete(timer)
    },
    advance(ms) {
      nowMs += ms
      for (const timer of [...waiting]) {
        if (timer.atMs > nowMs) continue
        waiting.delete(timer)
        timer.run()
      }
    },
    /** Until so many wait, what was sent is on its way. */
    async settle(turns) {
      for (let turn = 0; turn < turns * 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
