// The world in its own thread, against a real server.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { DAY_MS } from '@rondo/time'
import { startWorld, type WorldProgress } from '../src/index.ts'
import { START_MS, TINY, withFolder } from './worlds.ts'

async function serve(answer: (events: { id: string }[]) => { status: number; body: object }, work: (url: string, stateFile: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      if (request.url !== '/v1/events') return response.writeHead(404).end('{}')
      const { status, body } = answer(JSON.parse(Buffer.concat(chunks).toString()) as { id: string }[])
      return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  try {
    await withFolder((folder) => work(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, join(folder, 'world.json')))
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const common = { token: 'secret', size: TINY, seed: 1, startMs: START_MS, liveFromMs: START_MS + DAY_MS, nowMs: START_MS, rate: 360 }

test('LI21 runs in a thread: history through the collector, then live, and closes in order', async () => {
  const taken = new Set<string>()
  const answer = (events: { id: string }[]): { status: number; body: object } => {
    for (const { id } of events) taken.add(id)
    return { status: 202, body: { results: events.map(({ id }) => ({ id, status: 'accepted' })) } }
  }
  await serve(answer, async (url, stateFile) => {
    const advances: number[] = []
    let last: WorldProgress | undefined
    let world: Awaited<ReturnType<typeof startWorld>> | undefined
    await new Promise<void>((resolve, reject) => {
      startWorld({
        ...common,
        url,
        stateFile,
        advance: async (toMs) => void advances.push(toMs),
        onProgress(progress) {
          last = progress
          if (progress.phase === 'live') resolve()
        },
      }).then((running) => {
        world = running
        running.failed.catch(reject)
      }, reject)
    })
    await world?.close()
    assert.equal(last?.progress, 1)
    assert.ok(advances.length >= 24)
    assert.ok(taken.size > TINY.tracks)
    assert.equal(last?.events, taken.size)
  })
})

test('LI22 what breaks it in its thread reaches the caller with its code', async () => {
  await serve((events) => ({ status: 202, body: { results: events.map(({ id }) => ({ id, status: 'dead', reason: 'no' })) } }), async (url, stateFile) => {
    const world = await startWorld({ ...common, url, stateFile, advance: async () => {}, onProgress: () => {} })
    await assert.rejects(world.failed, (thrown: { code?: string }) => thrown.code === 'WORLD_EVENTS_REFUSED')
    await world.close()
  })
})

test('LI23 a clock that cannot be moved breaks it too', async () => {
  await serve(() => ({ status: 202, body: {} }), async (url, stateFile) => {
    const world = await startWorld({ ...common, url, stateFile, advance: () => Promise.reject(new Error('stuck')), onProgress: () => {} })
    await assert.rejects(world.failed, /stuck/)
    await world.close()
  })
})
