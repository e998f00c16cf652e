// `rondo doctor` beside a server that is not well.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { openDataFolder } from '../src/data-folder.ts'
import { runRondo } from './running-platform.ts'

test('PF98 all that is not ready is named, with a place to look at that is there', async () => {
  await using data = await createTempFolder()
  const services = [{ service: 'catalog', ready: true }, { service: 'experiments', ready: false, reason: 'The database does not answer.' }, { service: 'events', ready: false, reason: 'The events room does not answer at http://rear:7071.', address: 'http://rear:7071' }]
  const server = createServer((_request, response) => void response.writeHead(503).end(JSON.stringify({ ready: false, services }))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const folder = await openDataFolder(data.path)
  try {
    await folder.announce(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const look = async (): Promise<string> => {
      const { code, out } = await runRondo(['doctor', '--data', data.path])
      assert.equal(code, 1)
      return out
    }
    const said = await look()
    assert.match(said, new RegExp(`⊠ server +experiments is not ready: The database does not answer\\.\\n +Look at what process ${process.pid} wrote to standard error\\.`))
    assert.match(said, /⊠ peer +The events room does not answer at http:\/\/rear:7071\.\n +Start it there \(`rondo serve events`\)/)
    await mkdir(data.join('logs'))
    assert.ok((await look()).includes(`Look into ${data.join('logs')}.`))
  } finally {
    await folder.close()
    server.closeAllConnections()
    server.close()
  }
})
