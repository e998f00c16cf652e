// The same plays as Arrow IPC streams, as a gateway sends them: names that repeat as dictionaries.
import { createIds } from '@rondo/ids'
import { createRandom } from '@rondo/random'
import { Dictionary, Int32, Table, TimestampMillisecond, Utf8, tableToIPC, vectorFromArray, type DataType, type Vector } from 'apache-arrow'
import { START_MS, makeEvent, type Play } from './make-bodies.ts'

/** Each of one batch of so many rows. */
export function makeColumns(batches: number, batchEvents: number, seed: number): Buffer[] {
  const random = createRandom(seed + 1)
  const ids = createIds({ now: () => START_MS }, random)
  return Array.from({ length: batches }, () => {
    const plays = Array.from({ length: batchEvents }, () => makeEvent(ids, random))
    const column = (type: DataType, read: (play: Play) => unknown): Vector => vectorFromArray(plays.map(read), type)
    return Buffer.from(
      tableToIPC(
        new Table({
          id: column(new Utf8(), ({ id }) => id),
          version: column(new Dictionary(new Utf8(), new Int32()), ({ version }) => version),
          occurredAt: column(new TimestampMillisecond(), ({ occurredAt }) => Date.parse(occurredAt)),
          userId: column(new Utf8(), ({ userId }) => userId),
          anonymousId: column(new Utf8(), ({ anonymousId }) => anonymousId),
          trackId: column(new Utf8(), ({ properties }) => properties.trackId),
          artistId: column(new Dictionary(new Utf8(), new Int32()), ({ properties }) => properties.artistId),
          trackMs: column(new Int32(), ({ properties }) => properties.trackMs),
          playedMs: column(new Int32(), ({ properties }) => properties.playedMs),
          source: column(new Dictionary(new Utf8(), new Int32()), ({ properties }) => properties.source),
          listId: column(new Dictionary(new Utf8(), new Int32()), ({ properties }) => properties.listId),
          position: column(new Int32(), ({ properties }) => properties.position),
        }),
        'stream',
      ),
    )
  })
}
