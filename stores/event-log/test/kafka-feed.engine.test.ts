// A log on Kafka as a feed keeps the rules of feeds.
import { describe } from 'node:test'
import { engineUrl } from '@rondo/tools/engines'
import { testEventFeed } from '../src/feed/conformance.ts'
import { createFeedOverLog } from '../src/feed/feed-over-log.ts'
import { openUnderTest } from './kafka-under-test.ts'

const { url, skip } = engineUrl('kafka')

describe('on Kafka', { skip }, () => {
  testEventFeed('kafka', async () => {
    const { log, reopen, [Symbol.asyncDispose]: dispose } = await openUnderTest(url)
    return {
      feed: createFeedOverLog(log),
      ...(reopen === undefined ? {} : { reopen: async () => createFeedOverLog(await reopen()) }),
      [Symbol.asyncDispose]: dispose,
    }
  })
})
