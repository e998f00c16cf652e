// One statement to Cassandra in its own protocol (version 4), so that this tool needs no client library.
import { once } from 'node:events'
import { connect } from 'node:net'
import { host } from '../engine.ts'
import { errors } from '../errors.ts'

const opcode = { error: 0x00, startup: 0x01, ready: 0x02, query: 0x07, result: 0x08 } as const
const consistencyOne = 0x0001

/** Throws what Cassandra answers when it is not a result. */
export async function queryCassandra(port: number, statement: string): Promise<void> {
  const socket = connect({ port, host })
  socket.setTimeout(20_000, () => socket.destroy(new Error(`Cassandra at ${host}:${port} does not answer.`)))
  try {
    await once(socket, 'connect')
    await ask(opcode.startup, Buffer.concat([Buffer.from([0, 1]), shortString('CQL_VERSION'), shortString('3.0.0')]), opcode.ready)
    await ask(opcode.query, Buffer.concat([longString(statement), Buffer.from([consistencyOne >> 8, consistencyOne & 0xff, 0])]), opcode.result)
  } finally {
    socket.destroy()
  }

  async function ask(asked: number, body: Buffer, wanted: number): Promise<void> {
    const header = Buffer.from([0x04, 0, 0, 0, asked, 0, 0, 0, 0])
    header.writeUInt32BE(body.length, 5)
    socket.write(Buffer.concat([header, body]))
    const answer = await readFrame()
    if (answer[4] === wanted) return
    throw errors.answerBad({ engine: 'cassandra', asked: statement, answer: answer[4] === opcode.error ? answer.subarray(15).toString() : `a frame of kind "${answer[4]}"` })
  }

  async function readFrame(): Promise<Buffer> {
    let received = Buffer.alloc(0)
    while (received.length < 9 || received.length < 9 + received.readUInt32BE(5)) {
      const chunk: unknown = (await once(socket, 'data'))[0]
      if (chunk instanceof Buffer) received = Buffer.concat([received, chunk])
    }
    return received
  }
}

function shortString(text: string): Buffer {
  return Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)])
}

function longString(text: string): Buffer {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
