// Whether what an SDK client was given arrived: anything that did not breaks the world loudly.
import type { EventResult, RondoError } from '@rondo/js'
import { errors } from '../errors.ts'

export type Delivery = {
  /** Events that the collector took or knew. */
  readonly events: number
  onResult(result: EventResult): void
  onError(error: RondoError): void
  /** Call after a flush. Throws WORLD_EVENTS_REFUSED, WORLD_UNANSWERED; `what` was being sent. */
  check(what: string): void
}

export function createDelivery(): Delivery {
  let events = 0
  const refused: EventResult[] = []
  const failures: RondoError[] = []
  return {
    get events() {
      return events
    },
    onResult(result) {
      if (result.status === 'dead' || result.status === 'dropped') refused.push(result)
      else events += 1
    },
    onError: (error) => void failures.push(error),
    check(what) {
      const [first] = refused
      if (first !== undefined) throw errors.refused({ status: first.status, type: first.type, id: first.id, reason: first.reason ?? 'no reason given' })
      const [failure] = failures
      if (failure !== undefined) throw errors.unanswered({ what, reason: `${failure.code}, ${failure.message}` })
    },
  }
}
