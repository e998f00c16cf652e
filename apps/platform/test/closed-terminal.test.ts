// A server whose words nobody hears any more, as after a terminal was closed.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { CHECKOUT } from '../src/cli/place.ts'

test('PF65 a server that cannot speak any more stops cleanly and gives its data folder back', { skip: process.platform === 'win32', timeout: 60_000 }, async () => {
  await using folder = await createTempFolder()
  const data = folder.join('data')
  const child = spawn(process.execPath, [join(CHECKOUT, 'apps/platform/bin/rondo.ts'), 'up', '--world', 'off', '--port', '0', '--data', data], { cwd: CHECKOUT, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit')
  let said = ''
  for await (const chunk of child.stderr.setEncoding('utf8')) if ((said += String(chunk)).includes('/sign-in?link=')) break
  // Leaving the loop has closed our end: whatever is said from here on fails.
  assert.ok((await readdir(data)).includes('running.json'), said)
  child.kill('SIGHUP')
  assert.deepEqual(await ended, [0, null])
  assert.equal((await readdir(data)).includes('running.json'), false)
})
