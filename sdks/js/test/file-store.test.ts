// The queue of servers: a file that survives kill -9, torn writes and company.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { createTempFolder } from '@rondo/testing'
import type { WireEvent } from '../src/index.ts'
import { openFileStore } from '../src/node.ts'
import { accepted, createCollector, events, open } from './scripted-collector.ts'

const KILLS = 8

const filesOf = async (folder: string): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith('.ndjson')).map((name) => join(folder, name))

test('JS17 kill -9 at any moment loses no event that track returned for; the next process sends it, and numbers go on', { timeout: 120_000 }, async () => {
  await using folder = await createTempFolder()
  const collector = createCollector()
  const numbers = new Map<string, string>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as WireEvent[]
      const answer = collector.take({ url: '', headers: {}, body, atMs: 0 })
      if (typeof answer === 'object') response.writeHead(answer.status).end(JSON.stringify(answer.body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const random = createRandom(3)
  const kept = new Set<number>()
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'track-until-killed.ts'), folder.path, String(Math.max(-1, ...kept) + 2), url], { stdio: ['ignore', 'pipe', 'inherit'] })
    const closed = once(child, 'close')
    const wanted = 20 + random.int(600)
    let lines = 0
    for await (const line of createInterface({ input: child.stdout })) {
      kept.add(Number(line.split(' ')[1]))
      if ((lines += 1) === wanted) child.kill('SIGKILL')
    }
    await closed
    assert.equal(child.signalCode, 'SIGKILL')
  }
  const last = open((request) => collector.take(request), { store: openFileStore({ folder: folder.path }) })
  await last.rondo.close()
  server.close()
  server.closeAllConnections()
  for (const i of kept) assert.ok(collector.delivered.has(`e${i}`), `e${i} is lost`)
  for (const { id, context } of collector.delivered.values()) {
    const number = `${context?.client?.id} ${context?.client?.sequence}`
    assert.equal(numbers.get(number), undefined, `"${number}" is ${numbers.get(number)} and ${id}`)
    numbers.set(number, id)
  }
  const clients = new Set([...collector.delivered.values()].map(({ context }) => context?.client?.id))
  assert.equal(clients.size, 1)
  assert.equal(Math.max(...[...collector.delivered.values()].map(({ context }) => context?.client?.sequence ?? 0)), collector.delivered.size)
})

test('JS18 a torn or damaged line costs that line and no other', async () => {
  await using folder = await createTempFolder()
  const first = open(() => 'down', { store: openFileStore({ folder: folder.path }), numbered: true })
  for (const trackId of ['a', 'b', 'c']) first.rondo.track('track-played', { trackId })
  await first.rondo.close()
  const [file = ''] = await filesOf(folder.path)
  const text = await readFile(file, 'utf8')
  const whole = text.trimEnd().split('\n')
  for (let length = text.length; length >= 0; length -= 7) {
    await writeFile(file, text)
    await truncate(file, length)
    const complete = whole.filter((line) => text.indexOf(line) + line.length <= length && line.includes('"add"')).length
    const store = openFileStore({ folder: folder.path })
    const opened = await store.open()
    assert.equal(opened.unsent.length, complete)
    await store.close?.()
  }
  await writeFile(file, text.replace('"b"', '"b'))
  await appendFile(file, '{"add":{"id":"torn')
  const { unsent, client } = await openFileStore({ folder: folder.path }).open()
  assert.deepEqual(unsent.map(({ properties }) => properties), [{ trackId: 'a' }, { trackId: 'c' }])
  assert.equal(client.sequence, 3)
})

test('JS38 lines that are JSON and no event, number or list cost nothing else', async () => {
  await using folder = await createTempFolder()
  const whole = '{"add":{"id":"a","type":"track-played","occurredAt":"2026-09-21T09:00:00.000Z","properties":{},"context":{"client":{"id":"left","sequence":3}}}}'
  await writeFile(join(folder.path, 'left.0-0.ndjson'), ['null', '7', '{"add":null}', '{"add":{"id":"b"}}', '{"done":7}', '{"sequence":"many"}', whole].join('\n'))
  const { unsent, client } = await openFileStore({ folder: folder.path }).open()
  assert.deepEqual([unsent.map(({ id }) => id), client], [['a'], { id: 'left', sequence: 3 }])
})

test('JS19 clients that live at once share no file, and what an ended process left goes to one of them', async () => {
  await using folder = await createTempFolder()
  const store = () => openFileStore({ folder: folder.path })
  const [one, two] = [open(() => 'down', { store: store(), numbered: true }), open(() => 'down', { store: store(), numbered: true })]
  one.rondo.track('track-played', { trackId: 'a' }, { id: 'a' })
  two.rondo.track('track-played', { trackId: 'b' }, { id: 'b' })
  assert.equal((await filesOf(folder.path)).length, 2)
  // A process of this number ran before, and another one never did.
  await writeFile(join(folder.path, `left-1.${process.pid}-1.ndjson`), '{"sequence":7}\n{"add":{"id":"c","type":"track-played","occurredAt":"2026-09-21T09:00:00.000Z","properties":{"trackId":"c"},"context":{"client":{"id":"left-1","sequence":8}}}}\n')
  await writeFile(join(folder.path, 'left-2.999999999-1.ndjson'), '{"add":{"id":"d","type":"track-played","occurredAt":"2026-09-21T09:00:00.000Z","properties":{"trackId":"d"}}}\n')
  const three = open(accepted, { store: store(), numbered: true })
  three.rondo.track('track-played', { trackId: 'e' }, { id: 'e' })
  await three.rondo.close()
  assert.deepEqual(events(three.sent[0]!).map(({ id, context }) => [id, context?.client?.sequence]), [['c', 8], ['d', 9], ['e', 10]])
  assert.equal((await filesOf(folder.path)).length, 3)
  await Promise.all([one.rondo.close(), two.rondo.close()])
  const four = open(accepted, { store: store() })
  await four.rondo.close()
  assert.deepEqual(four.sent.flatMap(events).map(({ id }) => id).sort(), ['a', 'b'])
})

test('JS20 a file does not grow with what was sent', async () => {
  await using folder = await createTempFolder()
  const { rondo } = open(accepted, { store: openFileStore({ folder: folder.path }), flushAt: 500 })
  const note = 'n'.repeat(2000)
  for (let round = 0; round < 4; round += 1) {
    for (let i = 0; i < 500; i += 1) rondo.track('track-played', { trackId: 't', note })
    await rondo.flush()
  }
  const [file = ''] = await filesOf(folder.path)
  assert.ok((await readFile(file)).length < 2_000_000)
  await rondo.close()
})

test('JS20 nor where something always waits: what is done leaves the file, what waits stays in it', async () => {
  await using folder = await createTempFolder()
  const store = openFileStore({ folder: folder.path })
  await store.open()
  const toEvent = (i: number): WireEvent => ({ id: `e${i}`, type: 'track-played', occurredAt: '2026-09-21T09:00:00.000Z', properties: { note: 'n'.repeat(2000) } })
  for (let i = 0; i < 5000; i += 1) {
    void store.append(toEvent(i))
    if (i >= 100) void store.remove([toEvent(i - 100)])
  }
  const [file = ''] = await filesOf(folder.path)
  assert.ok((await readFile(file)).length < 2_000_000)
  await store.close?.()
  const { unsent } = await openFileStore({ folder: folder.path }).open()
  assert.deepEqual(unsent.map(({ id }) => id), Array.from({ length: 100 }, (_, i) => `e${4900 + i}`))
})
