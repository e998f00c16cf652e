// Pub/Sub keeps the rules of feeds, and those of the log that need no offsets; the others are skipped by the name of what it lacks.
import { describe } from 'node:test'
import { engineUrl } from '@rondo/tools/engines'
import { testEventLog } from '../src/conformance.ts'
import { testEventFeed } from '../src/feed/conformance.ts'
import { openFeedUnderTest, openTopicsUnderTest } from './pubsub-under-test.ts'

const { url, skip } = engineUrl('pubsub')

describe('on Pub/Sub', { skip }, () => {
  testEventFeed('pubsub', () => openFeedUnderTest(url))
  testEventLog('pubsub', () => openTopicsUnderTest(url))
})
