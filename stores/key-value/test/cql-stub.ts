// A server that speaks just enough of Cassandra's protocol, version 4, to refuse a user or to be too old: for what no engine at hand can be made to do.
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

const OPCODE = { error: 0x00, ready: 0x02, authenticate: 0x03, supported: 0x06, result: 0x08, startup: 0x01, options: 0x05, query: 0x07, prepare: 0x09, register: 0x0b, authResponse: 0x0f } as const
const VERSION = 4
const BAD_PROTOCOL = 0x0a
const BAD_CREDENTIALS = 0x0100
const VARCHAR = 0x0d

export type CqlStubOptions = { /** Every user is asked for a password, and none is right. */ refusesUsers?: boolean; version: string }

export async function createCqlStub({ refusesUsers = false, version }: CqlStubOptions): Promise<AsyncDisposable & { host: string }> {
  const sockets = new Set<Socket>()
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
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes])
      while (received.length >= 9 && received.length >= 9 + received.readUInt32BE(5)) {
        const end = 9 + received.readUInt32BE(5)
        const [asked, stream, opcode] = [received.readUInt8(0), received.subarray(2, 4), received.readUInt8(4)]
        const [kind, body] = asked === VERSION ? answer(opcode, received.subarray(9, end)) : [OPCODE.error, Buffer.concat([toInt(BAD_PROTOCOL), toShort(`Invalid or unsupported protocol version (${asked}); the lowest supported version is 3 and the greatest is 4`)])]
        socket.write(Buffer.concat([Buffer.from([0x80 | VERSION, 0]), stream, Buffer.from([kind]), toInt(body.length), body]))
        received = received.subarray(end)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((done) => void server.close(() => done()))
    },
  }
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
