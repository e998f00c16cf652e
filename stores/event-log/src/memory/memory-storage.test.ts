// The memory driver keeps the rules of the log.
import { testEventLog } from '../conformance.ts'
import { openEventLog } from '../open.ts'

testEventLog('memory', async () => {
  const log = await openEventLog('memory:')
  return { log, [Symbol.asyncDispose]: () => log.close() }
})
