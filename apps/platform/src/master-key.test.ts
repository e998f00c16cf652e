// The master key of a data folder: made once, for its owner only, and kept.
import assert from 'node:assert/strict'
import { stat, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { openMasterKey } from './master-key.ts'

test('EV63 the master key comes from the environment, or from a file that only its owner reads and that stays the same; anything else is refused', async () => {
  await using folder = await createTempFolder()
  const made = await openMasterKey(folder.path, undefined)
  assert.equal(made.byteLength, 32)
  assert.equal((await stat(folder.join('master.key'))).mode & 0o777, 0o600)
  assert.deepEqual(Buffer.from(await openMasterKey(folder.path, undefined)), Buffer.from(made))
  assert.deepEqual(Buffer.from(await openMasterKey(folder.path, 'ab'.repeat(32))), Buffer.alloc(32, 0xab))
  await assert.rejects(openMasterKey(folder.path, 'short'), { code: 'MASTER_KEY_UNREADABLE' })
  await writeFile(folder.join('master.key'), 'damaged')
  await assert.rejects(openMasterKey(folder.path, undefined), { code: 'MASTER_KEY_UNREADABLE' })
})
