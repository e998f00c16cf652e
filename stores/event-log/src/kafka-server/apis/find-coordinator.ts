// FindCoordinator: of every group it is us; there are no transactions.
//
//   request  := 0–3: key | from 1: kind i8 | from 4: [key]
//   response := from 1: throttle i32 | 0–3: error i16 | from 1: message | node i32 | host | port i32
//               | from 4: [key | node i32 | host | port i32 | error i16 | message]
import { CODE } from '../error-code.ts'
import { may, type Api } from '../call.ts'
import { NODE_ID } from './metadata.ts'

const GROUP = 0

export const findCoordinator: Api = {
  key: 10,
  name: 'FindCoordinator',
  min: 0,
  max: 4,
  flexibleFrom: 3,
  async handle(call) {
    const { request, answer, version, face, caller } = call
    const single = version < 4 ? request.string() : ''
    const kind = version >= 1 ? request.int8() : GROUP
    const keys = version >= 4 ? request.array(() => request.string()) : [single]
    const [code, message] = kind !== GROUP ? [CODE.transactionForbidden, 'There are no transactions here.'] : (await may(call, 'read')) ? [CODE.none, undefined] : [CODE.groupForbidden, 'This key may not read.']
    const { host, port } = face.advertised ?? caller.reached
    const writePlace = (): void => {
      answer.int32(code === CODE.none ? NODE_ID : -1)
      answer.string(code === CODE.none ? host : '')
      answer.int32(code === CODE.none ? port : -1)
    }
    if (version >= 1) answer.int32(0)
    if (version < 4) {
      answer.int16(code)
      if (version >= 1) answer.string(message)
      writePlace()
    } else {
      answer.array(keys, (key) => {
        answer.string(key)
        writePlace()
        answer.int16(code)
        answer.string(message)
        answer.tags()
      })
    }
    answer.tags()
  },
}
