// Fetch: records from given offsets on, as batches; waits until there are as many bytes as are asked for, or the time is over.
//
//   request  := replica i32 | wait i32 | min bytes i32 | max bytes i32 | isolation i8 | from 7: session i32 | epoch i32
//               | [topic: name | [partition i32 | from 9: leader epoch i32 | offset i64 | from 12: last epoch i32 | from 5: log start i64 | max bytes i32]]
//               | from 7: [forgotten: name | [partition i32]] | from 11: rack
//   response := throttle i32 | from 7: error i16 | session i32
//               | [topic: name | [partition i32 | error i16 | end i64 | last stable i64 | from 5: log start i64 | [aborted] | from 11: preferred i32 | batches bytes]]
import { CODE } from '../error-code.ts'
import { may, type Api, type Call } from '../call.ts'
import { fetchAll, type FetchPlace, type Fetched } from '../fetch-records.ts'

const NO_SESSION = -1
const LONGEST_WAIT_MS = 60_000

export const fetch: Api = {
  key: 1,
  name: 'Fetch',
  min: 4,
  max: 12,
  flexibleFrom: 12,
  async handle(call) {
    const { request, answer, version, face } = call
    request.int32()
    const waitMs = Math.min(Math.max(0, request.int32()), LONGEST_WAIT_MS)
    const minBytes = request.int32()
    const maxBytes = request.int32()
    request.int8()
    const [session, epoch] = version >= 7 ? [request.int32(), request.int32()] : [0, NO_SESSION]
    const places = readPlaces(call)
    // A session would be remembered between requests; none is ever given.
    const isUnknownSession = session !== 0 && epoch !== NO_SESSION
    const fetched = isUnknownSession ? [] : await fetchAll(call, places, { waitMs, minBytes, maxBytes, mayRead: await may(call, 'read') })
    for (const { count } of fetched) face.tally.fetched += count
    answer.int32(0)
    if (version >= 7) {
      answer.int16(isUnknownSession ? CODE.noSession : CODE.none)
      answer.int32(0)
    }
    answer.array([...Map.groupBy(fetched, ({ place }) => place.name)], ([name, own]) => {
      answer.string(name)
      answer.array(own, (one) => writeFetched(call, one))
      answer.tags()
    })
    answer.tags()
    return true
  },
}

function readPlaces({ request, version }: Call): FetchPlace[] {
  const places: FetchPlace[] = []
  request.array(() => {
    const name = request.string()
    request.array(() => {
      const partition = request.int32()
      if (version >= 9) request.int32()
      const offset = request.int64()
      if (version >= 12) request.int32()
      if (version >= 5) request.int64()
      places.push({ name, partition, offset, maxBytes: request.int32() })
      request.tags()
    })
    request.tags()
  })
  return places
}

function writeFetched({ answer, version }: Call, { place, code, start, end, batches }: Fetched): void {
  answer.int32(place.partition)
  answer.int16(code)
  answer.int64(end)
  answer.int64(end)
  if (version >= 5) answer.int64(start)
  answer.array([], () => undefined)
  if (version >= 11) answer.int32(-1)
  answer.byteString(...batches)
  answer.tags()
}
