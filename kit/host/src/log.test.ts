import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLog } from './index.ts'

test('HO8 a log line is in its file when the call returns, one JSON object a line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-log-'))
  try {
    const log = createLog({ file: join(folder, 'logs/rondo.log') })
    log.info('one', { service: 'events' })
    log.error('two')
    const lines = (await readFile(join(folder, 'logs/rondo.log'), 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    assert.deepEqual(lines.map(({ msg, level, service }) => [msg, level, service]), [['one', 30, 'events'], ['two', 50, undefined]])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('HO8 a disk that takes no more lines stops nothing', () => {
  const log = createLog({ file: '/dev/full' })
  log.error('nobody will read this')
  log.error('nor this')
})
