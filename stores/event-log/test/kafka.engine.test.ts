// The Kafka driver keeps the rules of the log.
import { describe } from 'node:test'
import { engineUrl } from '@rondo/tools/engines'
import { testEventLog } from '../src/conformance.ts'
import { openUnderTest } from './kafka-under-test.ts'

const { url, skip } = engineUrl('kafka')

describe('on Kafka', { skip }, () => {
  testEventLog('kafka', () => openUnderTest(url))
})
