// Lines of the log in their file, whatever the disk and the years do.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
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

test('HO9 the log of years is two files of bounded size', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rondo-log-'))
  try {
    const file = join(folder, 'rondo.log')
    for (let start = 0; start < 3; start += 1) {
      const log = createLog({ file, turnAtBytes: 1000 })
      for (let line = 0; line < 100; line += 1) log.info(`line ${start * 100 + line}`)
    }
    assert.deepEqual((await readdir(folder)).sort(), ['rondo.log', 'rondo.log.1'])
    const kept = `${await readFile(`${file}.1`, 'utf8')}${await readFile(file, 'utf8')}`
    assert.ok(kept.length < 2_200, `${kept.length} bytes`)
    const lines = kept.trim().split('\n').map((line) => (JSON.parse(line) as { msg: string }).msg)
    assert.deepEqual(lines, Array.from({ length: lines.length }, (_, at) => `line ${300 - lines.length + at}`))
  } finally {
    await rm(folder, { recursive: true })
  }
})
