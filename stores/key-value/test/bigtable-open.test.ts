// What is refused when a store on Bigtable is opened, as far as that needs no engine.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { systemClock } from '@rondo/time'
import { loadBigtable } from '../src/bigtable/load-bigtable.ts'
import { openKeyValue } from '../src/index.ts'

type Refusal = Error & { code: string; help: string }

test('KV15 a missing package of Bigtable is named with the line that installs it', async () => {
  const missing = loadBigtable(() => Promise.reject(new Error("Cannot find package '@google-cloud/bigtable'")))
  await assert.rejects(missing, ({ code, help }: Refusal) => code === 'PACKAGE_MISSING' && /^npm install @google-cloud\/bigtable@\d+\.\d+\.\d+$/.test(help))
})

test('KV15 an emulator that is not there is named at once', async () => {
  const opening = openKeyValue('bigtable://rondo/rondo?emulator=127.0.0.1:9', { clock: systemClock })
  await assert.rejects(opening, ({ code, message }: Refusal) => code === 'KEY_VALUE_UNREACHABLE' && message.includes('emulator=127.0.0.1:9') && message.includes('ECONNREFUSED'))
})

test('KV15 credentials that are not there are named, with what gives them', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', `import { openKeyValue } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}; openKeyValue('bigtable://rondo/rondo', { clock: { now: () => 0 } }).catch(({ code, help }) => console.log(code, help))`], {
    env: { ...process.env, BIGTABLE_EMULATOR_HOST: '', GOOGLE_APPLICATION_CREDENTIALS: '/no/such/key.json' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  assert.match(await text(child.stdout), /^LOGIN_REFUSED Set GOOGLE_APPLICATION_CREDENTIALS/)
})

test('KV30 a server that holds its connections and says nothing is given up in its time', async () => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => sockets.add(socket.on('error', () => undefined).resume())).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `bigtable://rondo/rondo?emulator=127.0.0.1:${(server.address() as AddressInfo).port}&timeoutMs=500`
  await assert.rejects(openKeyValue(address, { clock: systemClock }), { code: 'KEY_VALUE_UNREACHABLE' })
  sockets.forEach((socket) => socket.destroy())
  server.close()
})
