// Who may open a log folder, and what is in it.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { it } from 'node:test'
import { createCtx } from '@rondo/context'
import { createTempFolder } from '@rondo/testing'
import { openEventLog } from '../open.ts'

const ctx = createCtx()

it('EL23 a folder is open once, in this process and in any other', async () => {
  await using folder = await createTempFolder()
  const log = await openEventLog(`file:${folder.path}`)
  await assert.rejects(openEventLog(`file:${folder.path}`), { code: 'LOG_LOCKED', kind: 'conflict' })
  await log.close()
  await (await openEventLog(`file:${folder.path}`)).close()
})

it('EL23 the lock of a dead process is taken over, by one of many who try', async () => {
  await using folder = await createTempFolder()
  await (await openEventLog(`file:${folder.path}`)).close()
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' })
  await once(child, 'exit')
  for (const stale of [`p${child.pid}`, `p${child.pid}.1.x`, `p${process.pid}.1.another-start-of-the-machine`, '', 'no process at all']) {
    await writeFile(folder.join('lock'), stale)
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => openEventLog(`file:${folder.path}`)))
    const opened = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    assert.equal(opened.length, 1, JSON.stringify(stale))
    await opened[0]?.close()
  }
})

it('EL24 a folder of a newer version is refused and left as it is', async () => {
  await using folder = await createTempFolder()
  const log = await openEventLog(`file:${folder.path}`)
  await log.createTopic('t', { partitions: 1 }, ctx)
  await log.append([{ topic: 't', records: [{ key: 'k', value: Buffer.from('x') }] }], 0, ctx)
  await log.close()
  const journal = await readFile(folder.join('journal'), 'latin1')
  const { crc32 } = await import('node:zlib')
  const newer = '000000000000 {"format":2}'
  await writeFile(folder.join('journal'), `${crc32(newer).toString(16).padStart(8, '0')} ${newer}\n${journal}`)
  await assert.rejects(openEventLog(`file:${folder.path}`), { code: 'NEWER_LOG', kind: 'conflict' })
  await writeFile(folder.join('journal'), journal)
  await (await openEventLog(`file:${folder.path}`)).close()
})

it('EL25 an address without a driver is refused with the ones there are', async () => {
  for (const url of ['nats://localhost:4222', 'file:', 'memory', '', '/var/log']) {
    await assert.rejects(openEventLog(url), { code: 'LOG_URL_UNSUPPORTED', kind: 'invalid' })
  }
})
