// Servers that something holds when they are asked to stop.
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { WITH_KEYS } from './running-platform.ts'

type House = AsyncDisposable & { child: ChildProcess; said(): string; hears(word: string): Promise<void>; ended: Promise<[number | null]> }

function start(fault: string, folder: string): House {
  const child = spawn(process.execPath, [new URL('./house-that-stays.ts', import.meta.url).pathname, fault, '--port', '0', '--data', folder], { env: { ...process.env, ...WITH_KEYS }, stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'close') as Promise<[number | null]>
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
  return {
    child,
    ended,
    said: () => said,
    async hears(word) {
      while (!said.includes(word)) await Promise.race([once(child.stderr, 'data'), ended.then(() => Promise.reject(new Error(`It ended: ${said}`)))])
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

test('PF99 a room whose close never ends, and one that leaves something open, end with 1 and a word', { timeout: 90_000 }, async () => {
  await using folder = await createTempFolder()
  await using held = start('never-closes', folder.join('a'))
  await using left = start('leaves-a-timer', folder.join('b'))
  await Promise.all([held, left].map(async (house) => {
    await house.hears('"listening"')
    house.child.kill('SIGINT')
  }))
  assert.deepEqual([(await held.ended)[0], (await left.ended)[0]], [1, 1])
  assert.match(held.said(), /Still open: the catalog room after 15 s \([^)]*\d+ \w+[^)]*\)\. Ended; nothing acknowledged is lost/)
  assert.match(left.said(), /All is closed, and something keeps the process after 15 s \([^)]*1 Timeout[^)]*\)/)
})

test('PF99 a second Ctrl-C ends at once what the first could not', { timeout: 60_000 }, async () => {
  await using folder = await createTempFolder()
  await using held = start('never-closes', folder.path)
  await held.hears('"listening"')
  const startedAt = performance.now()
  held.child.kill('SIGINT')
  const again = setInterval(() => held.child.kill('SIGINT'), 200)
  const [code] = await held.ended
  clearInterval(again)
  assert.equal(code, 130)
  assert.ok(performance.now() - startedAt < 10_000)
})
