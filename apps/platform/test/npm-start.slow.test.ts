// `npm start` as people start it: npm, a shell, the bootstrap and the server, ended from above.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { CHECKOUT } from '../src/cli/place.ts'

for (const signal of ['SIGTERM', 'SIGKILL', 'SIGHUP'] as const) {
  test(`PF48 after ${signal} to npm the server is gone and its data folder given back`, { skip: process.platform === 'win32', timeout: 60_000 }, async () => {
    await using folder = await createTempFolder()
    const data = folder.join('data')
    const npm = spawn('npm', ['start', '--silent', '--', '--world', 'off', '--port', '0', '--data', data], { cwd: CHECKOUT, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    const listening = new Promise<void>((resolve) => void npm.stderr.on('data', (chunk: Buffer) => /Open http/.test((said += chunk.toString())) && resolve()))
    /** Comes when the last process that holds standard error is gone, the server too. */
    const closed = once(npm, 'close')
    await Promise.race([listening, closed])
    assert.match(said, /Open http/)
    npm.kill(signal)
    await closed
    assert.match(said, /Stopped\.\n$/)
    assert.deepEqual((await readdir(data)).filter((name) => /^(running|lock)/.test(name)), [])
  })
}
