// A disk of a test's own is full when it is told to be, keeps what is on it, and goes with the test's process however that ends.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { waitFor } from '../process/wait-for.ts'
import { mountSmallDisk, smallDiskSkip } from '../small-disk.ts'

const skip = smallDiskSkip()
const isMounted = (folder: string): boolean => readFileSync('/proc/mounts', 'utf8').includes(` ${folder} `)

test('EN30 a small disk holds what it was made for, is full when it is told to be, and has room again', { skip }, async () => {
  await using folder = await createTempFolder()
  {
    await using disk = await mountSmallDisk(folder.join('data'), 2 ** 20)
    await writeFile(folder.join('data/kept'), 'kept')
    await disk.fill(16 * 1024)
    await writeFile(folder.join('data/small'), Buffer.alloc(10 * 1024))
    await assert.rejects(writeFile(folder.join('data/large'), Buffer.alloc(10 * 1024)), { code: 'ENOSPC' })
    await disk.fill()
    await disk.clear()
    await writeFile(folder.join('data/large'), Buffer.alloc(10 * 1024))
    assert.equal(await readFile(folder.join('data/kept'), 'utf8'), 'kept')
  }
  assert.equal(isMounted(folder.join('data')), false)
})

test('EN30 a small disk is gone when its process was killed', { skip }, async () => {
  await using folder = await createTempFolder()
  const script = `import { mountSmallDisk } from ${JSON.stringify(new URL('../small-disk.ts', import.meta.url).href)}; await mountSmallDisk(${JSON.stringify(folder.path)}, 1048576); console.log('mounted'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  assert.equal(isMounted(folder.path), true)
  child.kill('SIGKILL')
  assert.equal(await waitFor(5_000, () => !isMounted(folder.path)), true)
})
