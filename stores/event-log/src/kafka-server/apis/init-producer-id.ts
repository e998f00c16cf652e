// InitProducerId: who an idempotent producer is. There are no transactions, so that it is always somebody new.
//
//   request  := transactional id | timeout i32 | from 3: producer i64 | epoch i16
//   response := throttle i32 | error i16 | producer i64 | epoch i16
import { CODE, type Code } from '../error-code.ts'
import { may, type Api } from '../call.ts'

export const initProducerId: Api = {
  key: 22,
  name: 'InitProducerId',
  min: 0,
  max: 4,
  flexibleFrom: 2,
  async handle(call) {
    const { request, answer, face } = call
    const transactionalId = request.nullableString()
    const code: Code = transactionalId !== undefined ? CODE.transactionForbidden : (await may(call, 'write')) ? CODE.none : CODE.clusterForbidden
    const { producerId, producerEpoch } = code === CODE.none ? face.producers.begin() : { producerId: -1, producerEpoch: -1 }
    answer.int32(0)
    answer.int16(code)
    answer.int64(producerId)
    answer.int16(producerEpoch)
    answer.tags()
  },
}
