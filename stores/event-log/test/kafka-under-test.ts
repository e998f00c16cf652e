// Logs on a running Kafka for tests: each with a prefix of its own, its topics and groups removed at the end.
import { randomBytes } from 'node:crypto'
import { Admin } from '@platformatic/kafka'
import type { LogUnderTest } from '../src/conformance.ts'
import { openEventLog } from '../src/index.ts'
import { TEST_EXPANDERS } from '../src/packed-conformance.ts'

export function createPrefix(): string {
  return `rondo-test-${randomBytes(5).toString('hex')}.`
}

/** `parameters`: more of the address, e.g. "retention=broker". */
export async function openUnderTest(url: string, parameters = ''): Promise<LogUnderTest & { prefix: string }> {
  const prefix = createPrefix()
  const open = () => openEventLog(`${url}/?prefix=${prefix}&${parameters}`, { expand: TEST_EXPANDERS })
  let log = await open()
  return {
    log,
    prefix,
    async reopen() {
      await log.close()
      log = await open()
      return log
    },
    async [Symbol.asyncDispose]() {
      await log.close()
      await removeAll(url, prefix)
    },
  }
}

/** Topics and groups whose names begin with the prefix. */
export async function removeAll(url: string, prefix: string): Promise<void> {
  const admin = new Admin({ clientId: 'rondo-test', bootstrapBrokers: [url.replace(/^kafka:\/\//, '')] })
  try {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix))
    if (topics.length > 0) await admin.deleteTopics({ topics })
    const groups = [...(await admin.listGroups()).keys()].filter((group) => group.startsWith(prefix))
    if (groups.length > 0) await admin.deleteGroups({ groups }).catch(() => undefined)
  } finally {
    await admin.close()
  }
}
