// Events wait here in order, leave in batches, and leave for good only with an answer.
//
//   track → [waiting, kept in the store] → batch → POST /v1/events → 2xx: each event's own result
//                         ↑                                        → 408, 429, 5xx, no or half an answer: again after a pause
//                         │                                        → 413: again at once, half as many; alone refused for good
//                         └──────────────────────────────────────→ 400, 415, 422: refused for good, each event told as dropped
//   Any other answer (401, 403, 404 …) is about the key or the address, not about the events: told, and they rest.
import { postBatch, readAnswer, TOO_LARGE, writeBatch, type Answer, type Entry, type PostOptions } from './post-batch.ts'
import { RondoClientError } from './rondo-error.ts'
import type { ClientMark, EventStore, OpenedStore, RondoError, RondoOptions, WireEvent } from './types.ts'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 60_000
const BATCH_LIMIT = 500
const BEYOND_ASCII = /[^\0-\x7f]/

export type QueueOptions = PostOptions &
  Required<Pick<RondoOptions, 'flushAt' | 'flushBytes' | 'flushAfterMs' | 'queueLimit' | 'queueBytes' | 'maxTries' | 'random' | 'uuid' | 'numbered' | 'onResult' | 'onError'>> &
  Pick<RondoOptions, 'store'>

export type EventQueue = {
  add(event: WireEvent): void
  flush(): Promise<void>
  /** What waits, in pieces of so many bytes, by a way that outlives the page; it stays until that is answered. */
  leave(send: (body: string) => Promise<Response>, pieceBytes: number): void
  /** The network is back: a pause that waits for it ends. */
  wake(): void
  /** Forgets all that waits, in the store too. */
  clear(): void
  attach(store: EventStore): void
  /** The store goes to others; what waits stays here too. */
  detach(): void
  close(): Promise<void>
}

export function createEventQueue(options: QueueOptions): EventQueue {
  const { timers, onError, onResult } = options
  const encoder = new TextEncoder()
  let waiting: Entry[] = []
  let waitingBytes = 0
  let client: ClientMark | undefined
  let store: EventStore | undefined
  let isOpen = true
  let isClosed = false
  /** Given up for now: only the timer or a `flush` begins again. */
  let isResting = false
  /** What the store is about to give is not wanted any more. */
  let isForgetting = false
  let inFlight = 0
  /** Events in one request: fewer after a 413. */
  let most = BATCH_LIMIT
  let dropped = 0
  let timer: unknown
  let sending: Promise<void> | undefined
  let stopPause: (() => void) | undefined
  /** What the store was told. */
  let keeping: Promise<unknown> = Promise.resolve()
  let opened = keeping

  /** A store that opens at once is open when this returns. */
  function open(from: EventStore): Promise<void> {
    const begin = (found: OpenedStore): void => {
      client = found.client
      store = from
      const known = new Set(waiting.map(({ event }) => event.id))
      const unsent = found.unsent.filter(({ id }) => !known.has(id)).map((event) => write({ event, json: '', bytes: 0 }))
      if (isForgetting) remove(unsent)
      else waiting = [...unsent, ...waiting]
      isForgetting = false
      goOn()
    }
    const fail = (thrown: unknown): void => {
      tell('NOT_RESTORED', `${thrown}`)
      goOn()
    }
    isOpen = false
    try {
      const found = from.open()
      if ('then' in found) return found.then(begin).catch(fail)
      begin(found)
    } catch (thrown) {
      fail(thrown)
    }
    return Promise.resolve()
  }

  function goOn(): void {
    isOpen = true
    for (const entry of waiting) if (!entry.event.context?.client) number(entry)
    waitingBytes = waiting.reduce((sum, { bytes }) => sum + bytes, 0)
    makeRoom()
    if (waiting.length) schedule()
  }

  const tell = (code: string, message: string, count?: number): void => safely(onError, { code, message, ...(count && { count }) } satisfies RondoError)

  /** A store that is done at once is told at once: what `track` returned for is safe then. */
  function keep(work: () => Promise<void> | void): void {
    const failed = (thrown: unknown): void => tell('NOT_PERSISTED', `${thrown}`)
    try {
      const doing = work()
      if (doing) keeping = Promise.all([keeping, doing.catch(failed)]).then(() => {})
    } catch (thrown) {
      failed(thrown)
    }
  }

  /** Once the store has said which number was the last. Throws EVENT_UNREADABLE. */
  function number(entry: Entry): void {
    const { event } = entry
    if (options.numbered) {
      const { sentAt } = event
      const next = { id: client?.id ?? options.uuid(), sequence: (client?.sequence ?? 0) + 1 }
      event.context = { ...event.context, client: next }
      if (sentAt) {
        // It comes last; see writeBatch.
        delete event.sentAt
        event.sentAt = sentAt
      }
      write(entry)
      client = next
    } else write(entry)
    if (store) keep(() => store?.append(event))
  }

  /** Throws EVENT_UNREADABLE. */
  function write(entry: Entry): Entry {
    const { event } = entry
    try {
      entry.json = JSON.stringify(event)
    } catch (thrown) {
      throw new RondoClientError('EVENT_UNREADABLE', `The properties of "${event.type}" are no JSON: ${thrown}`)
    }
    entry.bytes = (BEYOND_ASCII.test(entry.json) ? encoder.encode(entry.json) : entry.json).length + 1
    return entry
  }

  function remove(batch: Entry[]): void {
    const gone = new Set(batch)
    waiting = waiting.filter((entry) => !gone.has(entry) || ((waitingBytes -= entry.bytes), false))
    if (store && batch.length) keep(() => store?.remove(batch.map(({ event }) => event)))
  }

  function schedule(): void {
    if (isClosed || isResting) return
    if (waiting.length >= options.flushAt || waitingBytes >= options.flushBytes) void flush()
    else timer ??= timers.set(() => void flush(), options.flushAfterMs)
  }

  function flush(): Promise<void> {
    timers.clear(timer)
    timer = undefined
    isResting = false
    return (sending ??= opened.then(drain).finally(() => (sending = undefined)))
  }

  /** The oldest that are not on their way go. */
  function makeRoom(): void {
    while (waiting.length > options.queueLimit || waitingBytes > options.queueBytes) {
      const oldest = waiting[inFlight] ?? waiting[0]!
      const { id, type } = oldest.event
      remove([oldest])
      dropped += 1
      safely(onResult, { id, type, status: 'dropped', reason: 'QUEUE_FULL' })
    }
  }

  async function drain(): Promise<void> {
    for (let tries = 0; waiting.length; ) {
      const batch = takeBatch(waiting, options.flushBytes)
      inFlight = batch.length
      const answer = await postBatch(batch, options)
      inFlight = 0
      if (dropped) tell('QUEUE_FULL', `The queue is full: the ${dropped} oldest events were dropped.`, dropped)
      dropped = 0
      if (settle(batch, answer)) {
        tries = 0
        most = Math.min(BATCH_LIMIT, most + 1)
        continue
      }
      const { code, message, retryAfterMs, isFinal } = answer as Exclude<Answer, { results: unknown }>
      if (code === TOO_LARGE) {
        most = batch.length >> 1
        continue
      }
      tries += 1
      if (isFinal || tries >= options.maxTries || isClosed) {
        tell(code, `${message} ${waiting.length} events wait.`, waiting.length)
        isResting = !isClosed
        if (isResting) timer = timers.set(() => void flush(), Math.max(retryAfterMs ?? 0, (LONGEST_PAUSE_MS * (1 + options.random())) / 2))
        return
      }
      await pause(retryAfterMs, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)) * options.random())
    }
  }

  /** As many of the first as fit, one at least. */
  function takeBatch(entries: Entry[], limitBytes: number): Entry[] {
    let bytes = 2
    const end = entries.findIndex((entry, i) => i >= most || ((bytes += entry.bytes) > limitBytes && i > 0))
    return end < 0 ? entries.slice() : entries.slice(0, end)
  }

  /** False: not for now. */
  function settle(batch: Entry[], answer: Answer): boolean {
    if (!('results' in answer)) return false
    remove(batch)
    if (answer.refused !== undefined) tell(answer.results[0]!.reason!, `${answer.refused} ${batch.length} events are lost.`, batch.length)
    for (const result of answer.results) {
      safely(onResult, result)
      if (result.status === 'dead') tell('EVENT_DEAD', `${result.type} ${result.id}: ${result.reason}`, 1)
    }
    return true
  }

  /** A time that the server named is kept, a guessed one ends when the network is back. */
  function pause(namedMs: number | undefined, guessedMs: number): Promise<void> {
    return new Promise((resolve) => {
      const rest = timers.set(resolve, namedMs ?? guessedMs)
      const stop = (): void => {
        timers.clear(rest)
        resolve()
      }
      stopPause = (): void => {
        if (namedMs === undefined || isClosed) stop()
      }
    })
  }

  if (options.store) keeping = opened = open(options.store)

  return {
    add(event) {
      if (isClosed) throw new RondoClientError('CLOSED', 'This client was closed.')
      const entry: Entry = { event, json: '', bytes: 0 }
      if (isOpen) number(entry)
      else write(entry)
      waiting.push(entry)
      waitingBytes += entry.bytes
      makeRoom()
      schedule()
    },
    flush,
    leave(send, pieceBytes) {
      for (let rest = waiting.filter(({ isLeaving }) => !isLeaving); rest.length; ) {
        const piece = takeBatch(rest, pieceBytes)
        rest = rest.slice(piece.length)
        for (const entry of piece) entry.isLeaving = true
        void send(writeBatch(piece, options.now()))
          .then((response) => readAnswer(piece, response, options.now))
          .then((answer) => settle(piece, answer))
          .catch(() => {})
          .then(() => piece.forEach((entry) => (entry.isLeaving = false)))
      }
    },
    wake() {
      stopPause?.()
      if (isResting) void flush()
    },
    clear() {
      remove(waiting)
      isForgetting = !isOpen
    },
    attach(to) {
      keeping = opened = open(to)
    },
    detach() {
      void store?.close?.()
      store = client = undefined
    },
    async close() {
      if (isClosed) return
      isClosed = true
      stopPause?.()
      await flush()
      await keeping
      await store?.close?.()
    },
  }
}

/** A callback that throws stops no event. */
function safely<T>(tell: (told: T) => void, told: T): void {
  try {
    tell(told)
  } catch (thrown) {
    console.error(thrown)
  }
}
