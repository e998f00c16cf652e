// What arrives too slowly, or never ends, is cut off: raw connections against a server of little patience.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { RawRoute } from '@rondo/contract'
import { createHost, createSilentLog } from './index.ts'

test('HO14 a post that never ends, headers that never end and a connection that never asks are cut off, and others are answered meanwhile', async () => {
  let handled = 0
  const take: RawRoute = { method: 'POST', path: '/take', access: 'open', handle: async () => ({ status: 200, body: `${(handled += 1)}` }) }
  const host = createHost({ services: [], raw: [take], authenticate: async () => undefined, session: async () => undefined, log: createSilentLog(), bind: '127.0.0.1', port: 0, patience: { requestMs: 200, headersMs: 100, checkEveryMs: 20 } })
  const { port, url } = await host.listen()
  const say = async (text: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk)).on('error', () => undefined)
    socket.write(text)
    await once(socket, 'close')
    return heard
  }
  const slow = [
    say('POST /take HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"half":'),
    say('POST /take HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'),
    say('POST /take HTTP/1.1\r\nHost: localhost\r\nX-Never: '),
    say(''),
  ]
  assert.equal(await (await fetch(`${url}/take`, { method: 'POST', body: 'whole' })).text(), '1')
  for (const heard of await Promise.all(slow)) assert.match(heard, /^(HTTP\/1\.1 408 |$)/)
  assert.equal(handled, 1, 'nothing of a half request is handled')
  await host.close()
})
