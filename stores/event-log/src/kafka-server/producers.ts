// Idempotent producers: each batch of a producer and partition is taken once, in order, also when it is sent again while the first is being stored.
//
// What is known is in memory, for this process: after a restart a producer goes on with whatever sequence it has.
import { addToSequence } from '../kafka/encode-batch.ts'
import { CODE, FaceError } from './error-code.ts'

/** As many as a client may have under way. */
const KEPT_BATCHES = 5
const NO_PRODUCER = -1
const MOST_EPOCH = 0x7fff

export type ProducerBatch = { producerId: number; producerEpoch: number; sequence: number; count: number }

type Taken = { first: number; count: number; stored: Promise<number> }
type State = { epoch: number; next: number; taken: Taken[] }

export type Producers = {
  /** A new one, or the next epoch of one that lost its way. */
  begin(known: { producerId: number; producerEpoch: number } | undefined): { producerId: number; producerEpoch: number }
  /** Base offset of the batch, stored now or before. Throws a `FaceError` for what is out of order, and what `store` throws. */
  once(place: string, batch: ProducerBatch, store: () => Promise<number>): Promise<number>
}

/** `maxStates`: of a producer in a partition; the one that was longest unused is forgotten. */
export function createProducers(firstProducerId: number, maxStates = 20_000): Producers {
  const states = new Map<string, State>()
  const epochs = new Map<number, number>()
  let nextProducerId = firstProducerId

  const touch = (key: string, epoch: number, sequence: number): State => {
    const known = states.get(key)
    if (known !== undefined) states.delete(key)
    const state = known ?? { epoch, next: sequence, taken: [] }
    states.set(key, state)
    if (states.size > maxStates) for (const oldest of states.keys()) {
      states.delete(oldest)
      break
    }
    return state
  }

  return {
    begin(known) {
      if (known !== undefined && known.producerId >= 0 && known.producerEpoch < MOST_EPOCH) {
        const producerEpoch = Math.max(known.producerEpoch, epochs.get(known.producerId) ?? 0) + 1
        epochs.delete(known.producerId)
        epochs.set(known.producerId, producerEpoch)
        if (epochs.size > maxStates) for (const oldest of epochs.keys()) {
          epochs.delete(oldest)
          break
        }
        return { producerId: known.producerId, producerEpoch }
      }
      nextProducerId += 1
      return { producerId: nextProducerId, producerEpoch: 0 }
    },

    async once(place, { producerId, producerEpoch, sequence, count }, store) {
      if (producerId === NO_PRODUCER) return store()
      const state = touch(`${producerId}/${place}`, producerEpoch, sequence)
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
