// What an import does with lines that are wrong, with a server and without, and when it is stopped.
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { WireEvent } from '@rondo/events/contract'
import { createTempFolder } from '@rondo/testing'
import type { Imported } from '../src/import/format.ts'
import { movielens } from '../src/import/movielens.ts'
import { sendAll, type Answer, type SendOptions } from '../src/import/send-all.ts'
import { runRondo, startUp } from './running-platform.ts'

const saved = (fields: Record<string, unknown>): string => JSON.stringify({ type: 'track-saved', properties: { trackId: 't', artistId: 'a', source: 'radio' }, ...fields })

type Told = { accepted: number; duplicate: number; dead: number; skipped: number; rejects: { file: string; line: number; reason: string }[] }

test('PF49 a line that cannot be sent is refused by file and line, and its neighbours are taken, with a server and without', async () => {
  await using folder = await createTempFolder()
  const file = folder.join('mixed.ndjson')
  await writeFile(file, [saved({ id: 'one' }), saved({ id: 'two', userId: 42 }), '', 'not json', saved({ id: null }), saved({ id: 'three', type: 'never-heard-of' }), saved({ id: 'four', userId: null })].join('\n'))
  const expected = [
    ['mixed.ndjson', 2, /^"userId" is 42: it must be string\.$/],
    ['mixed.ndjson', 4, /^"not json" is not a JSON object/],
    ['mixed.ndjson', 5, /is not a JSON object with "id" and "type"/],
    ['mixed.ndjson', 6, /never-heard-of/],
  ] as const
  const check = async (data: string): Promise<void> => {
    const { code, out, err } = await runRondo(['import', 'json', file, '--json', '--data', data])
    assert.equal(code, 0, err)
    const { accepted, duplicate, dead, rejects } = JSON.parse(out) as Told
    assert.deepEqual([accepted, duplicate, dead], [2, 0, 4])
    rejects.forEach((one, i) => {
      assert.deepEqual([one.file, one.line], expected[i]?.slice(0, 2))
      assert.match(one.reason, expected[i]?.[2] ?? /^$/)
    })
    assert.match(err, /^mixed\.ndjson:2: "userId" is 42/)
    assert.match(err, /^Nothing was learned yet: /m)
    const again = JSON.parse((await runRondo(['import', 'json', file, '--no-refresh', '--json', '--data', data])).out) as Told
    assert.deepEqual([again.accepted, again.duplicate, again.skipped], [0, 0, 6])
  }
  await check(folder.join('offline'))
  await using platform = await startUp(folder.join('online'))
  await check(platform.folder)
})

test('PF50 an import of which nothing was taken exits with 1 and is tried anew the next time', async () => {
  await using folder = await createTempFolder()
  const [wrong, empty] = [folder.join('wrong.ndjson'), folder.join('empty.ndjson')]
  await writeFile(wrong, 'one\ntwo\n')
  await writeFile(empty, '')
  for (const round of [1, 2]) {
    const { code, out, err } = await runRondo(['import', 'json', wrong, '--data', folder.join('data')])
    assert.equal(code, 1, `round ${round}`)
    assert.match(out, /^0 accepted, 0 there already, 2 refused; /)
    assert.match(err, /^wrong\.ndjson:1: [\s\S]*^Nothing was taken\.$/m)
  }
  const nothing = await runRondo(['import', 'json', empty, '--data', folder.join('data')])
  assert.deepEqual([nothing.code, nothing.err], [1, `"${empty}" holds no events.\n`])
})

async function* listOf(records: Imported[]): AsyncIterable<Imported> {
  yield* records
}

const takeAll = async (events: WireEvent[]): Promise<Answer[]> => events.map(({ id }) => ({ id: id ?? null, status: 'accepted' }))

function send(options: Pick<SendOptions, 'source' | 'checkpoint'> & Partial<SendOptions>) {
  return sendAll({ send: takeAll, signal: new AbortController().signal, onProgress: () => undefined, ...options })
}

test('PF51 progress counts lines, of which one may give two events or none', async () => {
  await using folder = await createTempFolder()
  await writeFile(folder.join('films.item'), 'item_id:token\tmovie_title:token\tyear\tclass\n1\tHeat\t1995\tCrime\n\n')
  await writeFile(folder.join('films.inter'), 'user\titem\trating\ttimestamp\n1\t1\t5\t978300760\n2\t1\t4\t978300761\n3\t1\tbad\t978300761\n')
  const { tally } = await send({ source: movielens.read(folder.path, 0), checkpoint: folder.join('place.json') })
  assert.equal(await movielens.countLines(folder.path), 4)
  assert.deepEqual([tally.lines, tally.accepted, tally.dead], [4, 4, 1])
  const again = await send({ source: movielens.read(folder.path, 0), checkpoint: folder.join('place.json') })
  assert.deepEqual([again.tally.skipped, again.taken], [5, true])
})

test('PF52 a stopped import keeps what was answered, and the next goes on behind it', async () => {
  await using folder = await createTempFolder()
  const records: Imported[] = Array.from({ length: 5000 }, (_, i) => ({ file: 'f', line: i + 1, event: { id: `e${i}`, type: 't' } }))
  const checkpoint = folder.join('place.json')
  const stop = new AbortController()
  const sent: string[] = []
  const note = (events: WireEvent[]): Promise<Answer[]> => {
    sent.push(...events.map(({ id }) => id ?? ''))
    return takeAll(events)
  }
  const { tally } = await send({ source: listOf(records), checkpoint, send: note, signal: stop.signal, onProgress: ({ accepted }) => accepted >= 1000 && stop.abort() })
  assert.ok(tally.accepted >= 1000 && tally.accepted < 5000, `${tally.accepted} accepted`)
  assert.deepEqual(JSON.parse(await readFile(checkpoint, 'utf8')), { records: tally.accepted, taken: tally.accepted })
  const rest = await send({ source: listOf(records), checkpoint, send: note })
  assert.deepEqual([rest.tally.skipped, rest.tally.accepted], [tally.accepted, 5000 - tally.accepted])
  assert.deepEqual(sent, records.map((record) => ('event' in record ? record.event.id : '')))
})

test('PF52 Ctrl-C says what was taken and how it goes on', async () => {
  await using folder = await createTempFolder()
  const file = folder.join('long.ndjson')
  await writeFile(file, Array.from({ length: 200_000 }, (_, i) => saved({ id: `e${i}` })).join('\n'))
  await using platform = await startUp(folder.join('data'))
  const stopped = await runRondo(['import', 'json', file, '--data', platform.folder], { onSpawn: (child) => void interruptOnceSending(platform.folder, child) })
  assert.equal(stopped.code, 1, stopped.err)
  assert.match(stopped.out, /^[\d,]+ accepted, 0 there already, 0 refused; /)
  assert.match(stopped.err, /^Stopped\. Run the same import again: it goes on where it was\.$/m)
  const ended = await runRondo(['import', 'json', file, '--no-refresh', '--json', '--data', platform.folder])
  const { accepted, skipped } = JSON.parse(ended.out) as Told
  assert.equal(accepted + skipped, 200_000)
  assert.ok(skipped > 0)
})

/** Once it keeps a place, so that it is under way. */
async function interruptOnceSending(data: string, child: { kill(signal: NodeJS.Signals): boolean }): Promise<void> {
  const places = async (): Promise<string[]> => readdir(`${data}/imports`).catch(() => [])
  while ((await places()).length === 0) await new Promise((resolve) => setImmediate(resolve))
  child.kill('SIGINT')
}
