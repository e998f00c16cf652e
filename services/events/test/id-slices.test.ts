// Ids after a start: out of slices, not out of the log, and the same whatever became of the slices.
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { test } from 'node:test'
import { createTempFolder, type TempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { listGaps } from '../src/domain/offset-ranges.ts'
import { START_MS, ctx, openHouse, play, trackPlayed, type House } from './events-house.ts'

const IDS = 12_000

async function open(folder: TempFolder, onRead: (records: number) => void = () => undefined, isBroken = (): boolean => false): Promise<House> {
  const house = await openHouse(folder.path, createManualClock(START_MS), {
    wrapLog: (eventLog) => ({
      ...eventLog,
      async read(from, caller) {
        const records = await eventLog.read(from, caller)
        if (from.topic.startsWith('events.')) onRead(records.length)
        return records
      },
      append: (batches, timestampMs, caller) => (isBroken() && batches[0]?.topic.startsWith('events.') ? Promise.reject(new Error('no space')) : eventLog.append(batches, timestampMs, caller)),
    }),
  })
  await house.api.putType({ type: 'track-played', body: trackPlayed }, ctx)
  return house
}

async function fill(house: House): Promise<void> {
  for (let from = 0; from < IDS; from += 1000) await house.send(Array.from({ length: 1000 }, (_, i) => play(`i${from + i}`)))
}

async function statuses(house: House, ids: string[]): Promise<string> {
  return (await house.send(ids.map((id) => play(id)))).map(({ status }) => status[0]).join('')
}

test('EV56 after a clean end a start reads ids out of slices, hardly any record, and knows them all', async () => {
  await using folder = await createTempFolder()
  const first = await open(folder)
  await fill(first)
  await first.close()
  let read = 0
  const second = await open(folder, (records) => (read += records))
  assert.ok(read < 20, `${read} records were read`)
  assert.equal(await statuses(second, ['i0', 'i5000', `i${IDS - 1}`, 'new']), 'ddda')
  assert.equal((await second.objects.list('events/ids/', {}, ctx)).length, 1)
  await second.close()
})

test('EV56 a slice that is damaged or lost is read out of the log instead; one that knows more than the log is not believed', async () => {
  await using folder = await createTempFolder()
  const first = await open(folder)
  await fill(first)
  await first.close()
  const damage = await open(folder)
  const [slice] = await damage.objects.list('events/ids/', {}, ctx)
  assert.ok(slice)
  const bytes = Buffer.from(await damage.objects.get(slice.key, {}, ctx))
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1
  await damage.objects.put(slice.key, bytes, {}, ctx)
  await damage.close()
  let read = 0
  const second = await open(folder, (records) => (read += records))
  assert.ok(read >= IDS, 'the log was read')
  assert.equal(await statuses(second, ['i0', `i${IDS - 1}`]), 'dd')
  // What was read is written again, for the next start.
  await second.close()
  read = 0
  const third = await open(folder, (records) => (read += records))
  assert.ok(read < 20, `${read} records were read`)
  await third.objects.put(slice.key, Buffer.from('no slice'), {}, ctx)
  await third.close()
  // The log is gone, and nothing of it is there any more.
  await rm(folder.join('log'), { recursive: true })
  const fourth = await open(folder)
  assert.equal(await statuses(fourth, ['i0', 'i7']), 'aa')
  await fourth.close()
})

test('EV56 what was not durable is in no slice, also when the same request failed between others', async () => {
  await using folder = await createTempFolder()
  let isBroken = false
  const first = await open(folder, undefined, () => isBroken)
  await fill(first)
  isBroken = true
  await assert.rejects(first.send([play('lost')]), /no space/)
  isBroken = false
  await first.send([play('kept')])
  await first.close()
  const second = await open(folder)
  assert.equal(await statuses(second, ['lost', 'kept']), 'ad')
  await second.close()
})

test('EV56 a start after a kill reads only what no slice covers', async () => {
  await using folder = await createTempFolder()
  const first = await open(folder)
  await fill(first)
  await first.close()
  const second = await open(folder)
  await second.send([play('after')])
  // Its ids are too few for a slice: as after a kill.
  await second.close()
  let read = 0
  const third = await open(folder, (records) => (read += records))
  assert.ok(read < 20, `${read} records were read`)
  assert.equal(await statuses(third, ['after', 'i3']), 'dd')
  await third.close()
})

test('EV56 gaps between ranges', () => {
  assert.deepEqual(listGaps(0, 10, []), [{ from: 0, to: 10 }])
  assert.deepEqual(listGaps(2, 10, [{ from: 5, to: 7 }, { from: 0, to: 3 }, { from: 6, to: 8 }]), [{ from: 3, to: 5 }, { from: 8, to: 10 }])
  assert.deepEqual(listGaps(2, 10, [{ from: 0, to: 12 }]), [])
  assert.deepEqual(listGaps(4, 4, []), [])
})
