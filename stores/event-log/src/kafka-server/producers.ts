// Idempotent producers: each batch of a producer and partition is taken once, in order, also when it is sent again while the first is being stored.
//
// A producer is its owner's: an id and an epoch say nothing beside who sent them, so that nobody fences another's producer by naming it.
// What is known is in memory, for this process: after a restart a producer goes on with whatever sequence it has.
import { addToSequence } from '../kafka/encode-batch.ts'
import { CODE, FaceError } from './error-code.ts'

/** As many as a client may have under way. */
const KEPT_BATCHES = 5
const NO_PRODUCER = -1

export type ProducerBatch = { producerId: number; producerEpoch: number; sequence: number; count: number }

type Taken = { first: number; count: number; stored: Promise<number> }
type State = { epoch: number; next: number; taken: Taken[] }

export type Producers = {
  /** Never one that was given before, also to who names one: clients go on to the next epoch by themselves (KIP-360), as with a broker. */
  begin(): { producerId: number; producerEpoch: number }
  /** Base offset of the batch, stored now or before. Throws a `FaceError` for what is out of order, and what `store` throws. */
  once(owner: string, place: string, batch: ProducerBatch, store: () => Promise<number>): Promise<number>
}

/** `maxStates`: of producers in partitions. Beyond, the owner who has most forgets what it has not used for longest. */
export function createProducers(firstProducerId: number, maxStates = 20_000): Producers {
  const owners = new Map<string, Map<string, State>>()
  let size = 0
  let nextProducerId = firstProducerId

  const forgetOne = (): void => {
    let [most, states] = ['', new Map<string, State>()]
    for (const [owner, own] of owners) if (own.size > states.size) [most, states] = [owner, own]
    for (const oldest of states.keys()) {
      states.delete(oldest)
      size -= 1
      break
    }
    if (states.size === 0) owners.delete(most)
  }
  const touch = (owner: string, key: string, epoch: number, sequence: number): State => {
    const states = owners.get(owner) ?? new Map<string, State>()
    owners.set(owner, states)
    const known = states.get(key)
    if (known !== undefined) states.delete(key)
    else size += 1
    const state = known ?? { epoch, next: sequence, taken: [] }
    states.set(key, state)
    if (size > maxStates) forgetOne()
    return state
  }

  return {
    begin() {
      nextProducerId += 1
      return { producerId: nextProducerId, producerEpoch: 0 }
    },

    async once(owner, place, { producerId, producerEpoch, sequence, count }, store) {
      if (producerId === NO_PRODUCER) return store()
      if (producerId < 0 || producerEpoch < 0 || sequence < 0) throw new FaceError(CODE.invalidRecord, `producer ${producerId} of epoch ${producerEpoch} with sequence ${sequence} is none`)
      const state = touch(owner, `${producerId}/${place}`, producerEpoch, sequence)
      if (producerEpoch < state.epoch) throw new FaceError(CODE.invalidProducerEpoch, `producer ${producerId} has gone on to epoch ${state.epoch}`)
      if (producerEpoch > state.epoch) {
        if (sequence !== 0) throw new FaceError(CODE.outOfOrderSequence, `epoch ${producerEpoch} of producer ${producerId} begins with sequence ${sequence}, not 0`)
        Object.assign(state, { epoch: producerEpoch, next: 0, taken: [] } satisfies State)
      }
      const again = state.taken.find(({ first, count: size }) => first === sequence && size === count)
      if (again !== undefined) return again.stored
      if (sequence !== state.next) throw new FaceError(CODE.outOfOrderSequence, `sequence ${sequence} of producer ${producerId} came where ${state.next} follows`)
      const { taken } = state
      const stored = store()
      const entry: Taken = { first: sequence, count, stored }
      taken.push(entry)
      if (taken.length > KEPT_BATCHES) taken.shift()
      state.next = addToSequence(sequence, count)
      try {
        return await stored
      } catch (thrown) {
        // It comes again with the same sequence, and so does what was sent behind it.
        const at = state.taken.indexOf(entry)
        if (at >= 0) {
          state.next = sequence
          state.taken = state.taken.slice(0, at)
        }
        throw thrown
      }
    },
  }
}
