// Logs as feeds keep the rules of feeds: in memory and in files.
import { createTempFolder } from '@rondo/testing'
import { testEventFeed } from './conformance.ts'
import { openEventFeed } from './open-feed.ts'

testEventFeed('memory', async () => {
  const feed = await openEventFeed('memory:')
  return { feed, [Symbol.asyncDispose]: () => feed.close() }
})

testEventFeed('file', async () => {
  const folder = await createTempFolder()
  const open = () => openEventFeed(`file:${folder.path}/log`, { maxRecordBytes: 1024 * 1024 })
  let feed = await open()
  return {
    feed,
    async reopen() {
      await feed.close()
      feed = await open()
      return feed
    },
    async [Symbol.asyncDispose]() {
      await feed.close()
      await folder[Symbol.asyncDispose]()
    },
  }
})
