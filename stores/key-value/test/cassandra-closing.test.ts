// Nothing of a client of Cassandra outlives its end, whatever was under way: each scene is a process that has to end by itself.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { text } from 'node:stream/consumers'

const WITHIN_MS = 20_000
const QUESTIONS = ['startup', 'options', 'local', 'peers', 'register']

test('KV30 closing while the library is on its way back to a lost engine leaves nothing open, wherever it is', async () => {
  for (const asked of QUESTIONS) await endsByItself('answered-while-closing', asked)
  for (const asked of QUESTIONS) await endsByItself('answered-after-closing', asked)
  await endsByItself('cut-while-closing')
})

test('KV30 what waits to be written when the store closes is answered at once, not after its timeout', async () => {
  assert.equal(await endsByItself('asked-while-closing'), 'refused')
})

test('KV30 an engine that stops answering while it is opened leaves nothing open, and is given up in its time', async () => {
  for (const asked of QUESTIONS) {
    const [, code, afterMs] = /^(\w+) after (\d+) ms$/.exec(await endsByItself('never-opened', asked)) ?? []
    assert.equal(code, 'KEY_VALUE_UNREACHABLE')
    // The address says timeoutMs=1000.
    assert.ok(Number(afterMs) > 900 && Number(afterMs) < 5_000, `${afterMs} ms`)
  }
})

test('KV31 an engine that is lost again and again is looked for by one at a time', async () => {
  const times = Number.parseInt(await endsByItself('lost-often'))
  assert.ok(times >= 17 && times <= 25, `the library introduced itself ${times} times in eight rounds`)
})

async function endsByItself(...scene: string[]): Promise<string> {
  const child = spawn(process.execPath, [new URL('./closing-child.ts', import.meta.url).pathname, ...scene], { stdio: ['ignore', 'pipe', 'inherit'], timeout: WITHIN_MS })
  const [said, [exitCode, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  assert.deepEqual({ exitCode, signal }, { exitCode: 0, signal: null }, `${scene.join(' ')} was still open after ${WITHIN_MS} ms`)
  return said.trim()
}
