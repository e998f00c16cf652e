// A client that never gives up: batches through the collector, again and again until each is answered.
import { setTimeout as pause } from 'node:timers/promises'
import type { ListeningEvent } from './listening-events.ts'
import { KEYS } from './running-platform.ts'

const IN_FLIGHT = 3
const RETRY_MS = 20

export type Sending = {
  /** Every id that was answered accepted or duplicate by a 2xx. */
  acknowledged: Set<string>
  /** Batches answered so far. */
  answered: number
  done: Promise<void>
}

/** `findUrl` is asked anew for each try: a server that starts again may have another address, or none for a while. */
export function sendListening(events: ListeningEvent[], batchSize: number, findUrl: () => string | undefined, onAnswer: () => void): Sending {
  const sending: Sending = { acknowledged: new Set(), answered: 0, done: Promise.resolve() }
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < events.length) {
      const batch = events.slice(next, next + batchSize)
      next += batchSize
      for (const { id, status } of await sendUntilAnswered(batch, findUrl)) if (status !== 'dead') sending.acknowledged.add(id)
      sending.answered += 1
      onAnswer()
    }
  }
  sending.done = Promise.all(Array.from({ length: IN_FLIGHT }, worker)).then(() => {})
  return sending
}

export async function sendUntilAnswered(batch: ListeningEvent[], findUrl: () => string | undefined): Promise<{ id: string; status: string }[]> {
  for (;;) {
    const url = findUrl()
    if (url !== undefined) {
      try {
        const response = await fetch(`${url}/v1/events`, { method: 'POST', headers: { authorization: `Bearer ${KEYS.write}` }, body: JSON.stringify(batch) })
        if (response.ok) return ((await response.json()) as { results: { id: string; status: string }[] }).results
        await response.arrayBuffer()
      } catch {
        // Killed under the request: nothing was acknowledged.
      }
    }
    await pause(RETRY_MS)
  }
}
