// The `rondo` command as a person meets it: exit codes, help, refusals.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { CHECKOUT } from '../src/cli/place.ts'

type Ended = { code: number | null; out: string; err: string }

function rondo(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(CHECKOUT, 'apps/platform/bin/rondo.ts'), ...args], { cwd: CHECKOUT })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (err += chunk))
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

test('PF10 wrong use exits with 2 and says how it is right; what is not there yet says so and exits with 1', async () => {
  const wrong = await rondo('sing')
  assert.deepEqual([wrong.code, wrong.out], [2, ''])
  assert.match(wrong.err, /"sing" is no command/)
  assert.equal((await rondo('events')).code, 2)
  assert.equal((await rondo('up', '--port', 'many')).code, 2)
  assert.equal((await rondo('up', '--colour')).code, 2)
  for (const args of [['events', 'types', 'more'], ['check', 'a', 'b'], ['sql', 'select', '1'], ['recommend', 'ada', '--k', '0'], ['doctor', 'more']]) {
    const { code, err } = await rondo(...args)
    assert.deepEqual([code, /too many|at least 1/.test(err)], [2, true], args.join(' '))
  }
  assert.match((await rondo('up', '--port', '-1')).err, /^--port needs a value, and what follows looks like another option\.$/m)
  const later = await rondo('fleet', 'status')
  assert.equal(later.code, 1)
  assert.match(later.err, /not there yet/)
  assert.match((await rondo('experiments', 'analyse', '--stdin')).err, /not there yet/)
  assert.doesNotMatch((await rondo('--help')).out, /fleet/)
})

test('PF11 every command has help with an example, and errors are one JSON object with --json', async () => {
  for (const word of ['up', 'serve', 'check', 'import', 'events', 'sql', 'recommend', 'evaluate', 'flags', 'experiments', 'catalog', 'keys', 'doctor']) {
    const help = await rondo(word, '--help')
    assert.equal(help.code, 0, word)
    assert.match(help.out, /Example: rondo /, word)
  }
  const failed = await rondo('check', '/nowhere', '--json')
  assert.equal(failed.code, 1)
  const error = JSON.parse((await rondo('import', 'hetrec', '/nowhere', '--json')).err) as { code: string; message: string }
  assert.equal(error.code, 'UNREADABLE')
  assert.match(error.message, /artists\.dat/)
})

test('PF12 a taken port and a newer data folder stop `up` with the fix', async () => {
  await using data = await createTempFolder()
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const taken = await rondo('up', '--world', 'off', '--data', join(data.path, 'a'), '--port', String(port))
  other.close()
  assert.equal(taken.code, 1)
  assert.match(taken.err, /admin token +\S+[\s\S]*is taken/, 'its keys are said: no later start will')
  assert.match(taken.err, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is taken[\\s\\S]*--port ${port + 1}`))
  await writeFile(join(data.path, 'rondo-data.json'), '{"version":99}')
  const newer = await rondo('up', '--world', 'off', '--data', data.path)
  assert.equal(newer.code, 1)
  assert.match(newer.err, /newer Rondo \(data version 99/)
})
