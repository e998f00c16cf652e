// The file driver keeps the rules of the log, with segments of usual size and with tiny ones.
import { createTempFolder } from '@rondo/testing'
import { testEventLog, type LogUnderTest } from '../conformance.ts'
import { openEventLog } from '../open.ts'
import { TEST_EXPANDERS } from '../packed-conformance.ts'

testEventLog('file', () => openInTempFolder(undefined))
testEventLog('file, in segments of 4 KiB', () => openInTempFolder(4096))

async function openInTempFolder(segmentBytes: number | undefined): Promise<LogUnderTest> {
  const folder = await createTempFolder()
  const open = () => openEventLog(`file:${folder.path}/log`, { maxRecordBytes: 1024 * 1024, expand: TEST_EXPANDERS, ...(segmentBytes === undefined ? {} : { segmentBytes }) })
  let log = await open()
  return {
    log,
    async reopen() {
      await log.close()
      log = await open()
      return log
    },
    async [Symbol.asyncDispose]() {
      await log.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
