// The memory driver keeps the rules of the log.
import { testEventLog } from '../conformance.ts'
import { openEventLog } from '../open.ts'
import { TEST_EXPANDERS } from '../packed-conformance.ts'

testEventLog('memory', async () => {
  const log = await openEventLog('memory:', { expand: TEST_EXPANDERS })
  return { log, [Symbol.asyncDispose]: () => log.close() }
})
