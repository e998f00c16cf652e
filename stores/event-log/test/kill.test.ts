// The file driver outlives its process, at whatever moment it is killed.
import { it } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { checkKilledConsumers } from './kill-consumer.ts'
import { checkKilledWriters } from './kill-writer.ts'

it('EL14 what was acknowledged before kill -9 is there afterwards, once, whole and in its place', async () => {
  await using folder = await createTempFolder()
  await checkKilledWriters(`file:${folder.join('log')}`, 10)
})

it('EL11 a consumer killed between processing and commit does its last step again, and ids make it count once', async () => {
  await using folder = await createTempFolder()
  await checkKilledConsumers(`file:${folder.join('log')}`, 8)
})
