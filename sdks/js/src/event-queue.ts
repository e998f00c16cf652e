// Events wait here in order, leave in batches, and leave for good only with an answer.
//
//   track → [waiting] → batch → POST /v1/events → 2xx: each event's own result
//                         ↑                     → 408, 429, 5xx, no answer: again after a pause that doubles, with jitter
//                         └─────────────────────→ other 4xx: refused for good, each event reported as dropped
import { RondoClientError } from './rondo-error.ts'
import type { EventResult, Persistence, RondoOptions, Timers, WireEvent } from './types.ts'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 60_000
const BATCH_LIMIT = 500

type QueueOptions = Required<Pick<RondoOptions, 'url' | 'fetch' | 'flushAt' | 'flushAfterMs' | 'queueLimit' | 'maxTries' | 'random'>> &
  Pick<RondoOptions, 'writeKey' | 'onResult' | 'onError'> & { timers: Timers; persistence: Persistence | undefined }

export type EventQueue = { add(event: WireEvent): void; flush(): Promise<void>; close(): Promise<void> }

export function createEventQueue(options: QueueOptions): EventQueue {
  const { timers, persistence } = options
  let waiting: WireEvent[] = []
  let timer: unknown
  let sending: Promise<void> | undefined
  let isClosed = false
  let isSavePending = false
  let stopPause: (() => void) | undefined
  let saving: Promise<void> = Promise.resolve()
  const restored = persistence === undefined ? Promise.resolve() : restore(persistence)

  const save = (): void => {
    // One save is enough for all that happens until it begins.
    if (persistence === undefined || isSavePending) return
    isSavePending = true
    const before = saving
    const write = (): Promise<void> => {
      isSavePending = false
      return persistence.save(waiting)
    }
    saving = restored.then(() => before).then(write).catch((thrown: unknown) => options.onError?.({ code: 'NOT_PERSISTED', message: toMessage(thrown) }))
  }

  async function restore(from: Persistence): Promise<void> {
    try {
      const unsent = await from.load()
      const known = new Set(waiting.map((event) => event.id))
      waiting = [...unsent.filter((event) => !known.has(event.id)), ...waiting]
    } catch (thrown) {
      options.onError?.({ code: 'NOT_RESTORED', message: toMessage(thrown) })
    }
    if (waiting.length > 0) schedule()
  }

  function schedule(): void {
    if (isClosed) return
    if (waiting.length >= options.flushAt) void flush()
    else timer ??= timers.set(() => void flush(), options.flushAfterMs)
  }

  function flush(): Promise<void> {
    if (timer !== undefined) timers.clear(timer)
    timer = undefined
    sending ??= restored.then(drain).finally(() => {
      sending = undefined
    })
    return sending
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_LIMIT)
      const results = await sendWithTries(batch)
      if (results === undefined) return
      const done = new Set(batch)
      waiting = waiting.filter((event) => !done.has(event))
      save()
      for (const result of results) options.onResult?.(result)
    }
  }

  /** Undefined: not for now. */
  async function sendWithTries(batch: WireEvent[]): Promise<EventResult[] | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await send(batch)
      if ('results' in answer) return answer.results
      if (attempt >= options.maxTries || isClosed) {
        options.onError?.({ code: answer.code, message: `${answer.message} ${waiting.length} events wait.` })
        return undefined
      }
      const pauseMs = answer.retryAfterMs ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)) * (0.5 + 0.5 * options.random())
      await pause(pauseMs)
    }
  }

  async function send(batch: WireEvent[]): Promise<{ results: EventResult[] } | { code: string; message: string; retryAfterMs?: number }> {
    let response: Response
    try {
      response = await options.fetch(`${options.url}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(options.writeKey === undefined ? {} : { authorization: `Bearer ${options.writeKey}` }) },
        body: JSON.stringify(batch),
      })
    } catch (thrown) {
      return { code: 'UNREACHABLE', message: `The collector does not answer: ${toMessage(thrown)}.` }
    }
    if (response.ok) return { results: await readResults(batch, response) }
    const text = await response.text().catch(() => '')
    if (response.status === 408 || response.status === 429 || response.status >= 500) {
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
      return { code: `HTTP_${response.status}`, message: `The collector answered ${response.status}.`, ...(Number.isFinite(seconds) ? { retryAfterMs: Math.min(LONGEST_PAUSE_MS, seconds * 1000) } : {}) }
    }
    options.onError?.({ code: `HTTP_${response.status}`, message: `The collector refused ${batch.length} events for good: ${text.slice(0, 300)}` })
    return { results: batch.map(({ id, type }) => ({ id, type, status: 'dropped', reason: `HTTP ${response.status}` })) }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const waitingFor = timers.set(resolve, ms)
      stopPause = () => {
        timers.clear(waitingFor)
        resolve()
      }
    })
  }

  return {
    add(event) {
      if (isClosed) throw new RondoClientError('CLOSED', 'This client was closed; no event is taken any more.')
      if (waiting.length >= options.queueLimit) {
        throw new RondoClientError('QUEUE_FULL', `"${options.queueLimit}" events wait already and the collector takes none: "${event.type}" was not queued.`)
      }
      waiting.push(event)
      save()
      schedule()
    },
    flush,
    async close() {
      if (isClosed) return
      isClosed = true
      stopPause?.()
      await flush()
      await saving
    },
  }
}

/** A collector that names no results took all of them. */
async function readResults(batch: WireEvent[], response: Response): Promise<EventResult[]> {
  const body = (await response.json().catch(() => ({}))) as { results?: { status?: EventResult['status']; reason?: string }[] }
  return batch.map(({ id, type }, i) => {
    const { status = 'accepted', reason } = body.results?.[i] ?? {}
    return { id, type, status, ...(reason === undefined ? {} : { reason }) }
  })
}

const toMessage = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
