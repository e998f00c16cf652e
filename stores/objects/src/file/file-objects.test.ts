// The file driver keeps the rules of the store.
import { createTempFolder } from '@rondo/testing'
import { testObjects } from '../conformance.ts'
import { openObjects } from '../open.ts'

testObjects('file', async () => {
  const folder = await createTempFolder()
  const open = () => openObjects(`file:${folder.path}/objects`)
  let objects = await open()
  return {
    objects,
    async reopen() {
      await objects.close()
      objects = await open()
      return objects
    },
    async [Symbol.asyncDispose]() {
      await objects.close()
      await folder[Symbol.asyncDispose]()
    },
  }
})
