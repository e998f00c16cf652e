// What stands on a listener's shelf: the flag says which list, the platform gives it, and using it is the exposure.
import { createRondo, RondoClientError, type Rondo } from '@rondo/js'
import { errors } from '../errors.ts'
import type { WeekList } from '../listening/listener.ts'
import { createDelivery, type Delivery } from './delivery.ts'
import type { Connection } from './send-acts.ts'
import type { RealTime } from './real-time.ts'

const FLAG = 'weekly-shelf'
const LANES = 8
const TRIES = 6
const FIRST_PAUSE_MS = 300

type Shelf = WeekList['shelf']
/** What a listener's app reads of the answer. */
type WeeklyAnswer = { tracks: { trackId: string; position: number }[] }
export type ShelfRequest = { listener: number; userId: string; week: string; atMs: number; exposureId: string }
export type ShelfAnswer = { shelf: Shelf; tracks: { trackId: string; position: number }[] }

export type ShelfClient = {
  /** Lists in the order of the requests; undefined where there is none. Exposures are durable when it resolves. */
  ask(requests: ShelfRequest[]): Promise<(ShelfAnswer | undefined)[]>
  /** Whether the platform has any track for this listener: no exposure. */
  probe(userId: string): Promise<boolean>
  close(): Promise<void>
}

/**
 * A listener always uses the same lane, and a lane serves one at a time: so the exposure that the SDK tells has that listener's id and time.
 * A client remembers what it told; a new one each week tells each listener's exposure once a week, whether or not the world was started again.
 */
type Lane = { client: Rondo<Record<string, object>>; week: string; now: ShelfRequest | undefined; delivery: Delivery }

export function createShelfClient(connection: Connection, time: RealTime, signal: AbortSignal): ShelfClient {
  const lanes: Lane[] = Array.from({ length: LANES }, () => createLane(connection, ''))

  const retry = async <T>(what: string, attempt: () => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt()
      } catch (thrown) {
        if (signal.aborted) throw thrown
        if (tries >= TRIES || !isPassing(thrown)) throw errors.unanswered({ what, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown)
        await time.pause(FIRST_PAUSE_MS * 2 ** (tries - 1), signal)
      }
    }
  }

  const fetchList = (lane: Lane, userId: string, shelf: Shelf): Promise<ShelfAnswer | undefined> =>
    retry('weekly list', async () => {
      try {
        const { tracks } = await lane.client.fetchJson<WeeklyAnswer>(`/api/recommendations/v1/users/${userId}/weekly?shelf=${shelf}`)
        return tracks.length === 0 ? undefined : { shelf, tracks }
      } catch (thrown) {
        if (thrown instanceof RondoClientError && (thrown.status === 404 || thrown.status === 503)) return undefined
        throw thrown
      }
    })

  const resolveShelf = (lane: Lane, userId: string): Promise<Shelf> =>
    retry('flag', async () => {
      const { value, errorCode } = await lane.client.flags.details<{ shelf: Shelf }>(FLAG, { shelf: 'popularity' }, { targetingKey: userId })
      if (errorCode === 'UNREACHABLE' || errorCode?.startsWith('HTTP_') === true) throw new RondoClientError(errorCode, `The flag "${FLAG}" was not answered (${errorCode}).`, Number(errorCode.slice(5)) || undefined)
      return value.shelf === 'discover-weekly' ? 'discover-weekly' : 'popularity'
    })

  const enterWeek = async (at: number, week: string): Promise<Lane> => {
    const lane = lanes[at] as Lane
    if (lane.week === week) return lane
    await tellExposures(lane)
    await lane.client.close()
    return (lanes[at] = createLane(connection, week))
  }

  return {
    async ask(requests) {
      const answers: (ShelfAnswer | undefined)[] = requests.map(() => undefined)
      await Promise.all(
        lanes.map(async (_, at) => {
          for (const [i, request] of requests.entries()) {
            if (request.listener % LANES !== at) continue
            const lane = await enterWeek(at, request.week)
            lane.now = request
            answers[i] = await fetchList(lane, request.userId, await resolveShelf(lane, request.userId))
          }
          await tellExposures(lanes[at] as Lane)
        }),
      )
      return answers
    },
    probe: async (userId) => (await fetchList(lanes[0] as Lane, userId, 'popularity')) !== undefined,
    async close() {
      await Promise.all(lanes.map((lane) => lane.client.close()))
    },
  }
}

function createLane({ url, token, fetch, timers }: Connection, week: string): Lane {
  const lane: Omit<Lane, 'client'> = { week, now: undefined, delivery: createDelivery() }
  const client = createRondo<Record<string, object>>({
    url,
    writeKey: token,
    clientSecret: token,
    flushAt: 500,
    flushAfterMs: 2_000_000_000,
    queueLimit: 100_000,
    maxTries: TRIES,
    // The same seed makes the same events: nothing in them tells who sent them, or when.
    numbered: false,
    correctSkew: false,
    ...(fetch === undefined ? {} : { fetch }),
    ...(timers === undefined ? {} : { timers }),
    now: () => lane.now?.atMs ?? 0,
    uuid: () => lane.now?.exposureId ?? '',
    onResult: lane.delivery.onResult,
    onError: lane.delivery.onError,
  })
  return Object.assign(lane, { client })
}

async function tellExposures(lane: Lane): Promise<void> {
  await lane.client.flush()
  lane.delivery.check('exposures')
}

function isPassing(thrown: unknown): boolean {
  return !(thrown instanceof RondoClientError) || thrown.status === undefined || thrown.status >= 500 || thrown.status === 429
}
