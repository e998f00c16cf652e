// A server that speaks just enough of Cassandra's protocol, version 4, to be connected to: for what no engine at hand can be made to do, as refusing a user,
// being too old, or saying nothing from a certain request on.
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

const OPCODE = { error: 0x00, ready: 0x02, authenticate: 0x03, supported: 0x06, result: 0x08, startup: 0x01, options: 0x05, query: 0x07, prepare: 0x09, register: 0x0b, authResponse: 0x0f } as const
const VERSION = 4
const BAD_PROTOCOL = 0x0a
const BAD_CREDENTIALS = 0x0100
const VARCHAR = 0x0d

export type CqlStubOptions = { /** Every user is asked for a password, and none is right. */ refusesUsers?: boolean; version: string }

export type Asked = keyof typeof OPCODE | 'local' | 'peers'

export type CqlStub = AsyncDisposable & {
  host: string
  /** How often that was asked so far. */
  countOf(asked: Asked): number
  /** All connections are lost; new ones are served. */
  cut(): void
  /** From now on answers to such requests are kept back. */
  hold(asked: Asked): { /** Somebody has asked. */ held: Promise<void>; release(): void }
  /** Neither the server nor its side of a connection keeps the process. */
  unref(): void
}

export async function createCqlStub({ refusesUsers = false, version }: CqlStubOptions): Promise<CqlStub> {
  const sockets = new Set<Socket>()
  let holding: { asked: Asked; came: () => void; kept: (() => void)[] } | undefined
  const counts = new Map<Asked, number>()
  let isUnref = false
  const answer = (opcode: number, body: Buffer): [opcode: number, body: Buffer] => {
    if (opcode === OPCODE.options) return [OPCODE.supported, Buffer.from([0, 0])]
    if (opcode === OPCODE.startup) return refusesUsers ? [OPCODE.authenticate, toShort('org.apache.cassandra.auth.PasswordAuthenticator')] : [OPCODE.ready, Buffer.alloc(0)]
    if (opcode === OPCODE.authResponse) return [OPCODE.error, Buffer.concat([toInt(BAD_CREDENTIALS), toShort('Provided username and/or password are incorrect')])]
    if (opcode === OPCODE.register) return [OPCODE.ready, Buffer.alloc(0)]
    const isLocal = body.includes('system.local')
    return [OPCODE.result, toRows(isLocal ? [{ key: 'local', data_center: 'datacenter1', rack: 'rack1', release_version: version, partitioner: 'org.apache.cassandra.dht.Murmur3Partitioner' }] : [])]
  }
  const server = createServer((socket) => {
    let received = Buffer.alloc(0)
    sockets.add(socket)
    if (isUnref) socket.unref()
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      while (received.length >= 9 && received.length >= 9 + received.readUInt32BE(5)) {
        const end = 9 + received.readUInt32BE(5)
        const [asked, stream, opcode] = [received.readUInt8(0), received.subarray(2, 4), received.readUInt8(4)]
        const [kind, body] = asked === VERSION ? answer(opcode, received.subarray(9, end)) : [OPCODE.error, Buffer.concat([toInt(BAD_PROTOCOL), toShort(`Invalid or unsupported protocol version (${asked}); the lowest supported version is 3 and the greatest is 4`)])]
        const names = namesOf(opcode, received.subarray(9, end))
        for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
        const bytes = Buffer.concat([Buffer.from([0x80 | VERSION, 0]), stream, Buffer.from([kind]), toInt(body.length), body])
        if (holding !== undefined && names.includes(holding.asked)) {
          holding.kept.push(() => void socket.write(bytes))
          holding.came()
        } else socket.write(bytes)
        received = received.subarray(end)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    countOf: (asked) => counts.get(asked) ?? 0,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    hold(asked) {
      const kept: (() => void)[] = []
      const { promise: held, resolve: came } = Promise.withResolvers<void>()
      holding = { asked, came, kept }
      return {
        held,
        release() {
          holding = undefined
          for (const answerLate of kept) answerLate()
        },
      }
    },
    unref() {
      isUnref = true
      server.unref()
      sockets.forEach((socket) => socket.unref())
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((done) => void server.close(() => done()))
    },
  }
}

function namesOf(opcode: number, body: Buffer): Asked[] {
  const tables = (['local', 'peers'] as const).filter((table) => body.includes(`system.${table}`))
  return [...tables, ...(Object.keys(OPCODE) as (keyof typeof OPCODE)[]).filter((name) => OPCODE[name] === opcode)]
}

/** A result of rows: flags with one name of keyspace and table for all columns, each column with its name and kind, then rows of values. */
function toRows(rows: Record<string, string>[]): Buffer {
  const columns = Object.keys(rows[0] ?? { key: '' })
  const heads = columns.map((column) => Buffer.concat([toShort(column), Buffer.from([0, VARCHAR])]))
  const cells = rows.flatMap((row) => columns.map((column) => Buffer.concat([toInt(Buffer.byteLength(row[column] ?? '')), Buffer.from(row[column] ?? '')])))
  return Buffer.concat([toInt(2), toInt(1), toInt(columns.length), toShort('system'), toShort('local'), ...heads, toInt(rows.length), ...cells])
}

function toInt(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function toShort(text: string): Buffer {
  return Buffer.concat([Buffer.from([Buffer.byteLength(text) >> 8, Buffer.byteLength(text) & 0xff]), Buffer.from(text)])
}
