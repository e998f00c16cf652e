// Cassandra keeps the rules of the store. Each harness has a keyspace of its own.
import { describe } from 'node:test'
import { engineUrl } from '@rondo/tools/engines'
import { testKeyValue } from '../src/conformance.ts'
import { openOwnKeyspace } from './own-keyspace.ts'
import { openKeyValue } from '../src/index.ts'

const { url, skip } = engineUrl('cassandra')

describe('cassandra', { skip }, () => {
  testKeyValue('cassandra', async () => {
    const own = openOwnKeyspace(url)
    return { open: (options) => openKeyValue(own.address, options), persistent: true, dispose: () => own.drop() }
  })
})
