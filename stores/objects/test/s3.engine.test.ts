// S3 keeps the rules of the store, each test below a prefix of its own.
import { describe } from 'node:test'
import { engineUrl } from '@rondo/tools/engines'
import { testObjects } from '../src/conformance.ts'
import { openObjects } from '../src/index.ts'
import { below, emptyPrefix } from './s3-prefix.ts'

const { url, skip } = engineUrl('s3')

describe('s3', { skip }, () => {
  testObjects('s3', async () => {
    const address = below(url)
    let objects = await openObjects(address)
    return {
      objects,
      async reopen() {
        await objects.close()
        objects = await openObjects(address)
        return objects
      },
      async [Symbol.asyncDispose]() {
        await objects.close()
        await emptyPrefix(address)
      },
    }
  })
})
