// Threads: all chunks done once, nothing kept alive, no work after close.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { openKernelPool } from './kernel-pool.ts'
import { loadKernels } from './load-kernels.ts'
import { createMemoryLayout } from './memory-layout.ts'

const module = await loadKernels()

test('NUM15 covers every row once, task after task, and refuses work after close', async () => {
  const layout = createMemoryLayout()
  const factors = layout.reserve(1000 * 8 * 4)
  const partials = layout.reserve(10 * 64 * 4)
  const gram = layout.reserve(64 * 4)
  const memory = layout.createMemory()
  new Float32Array(memory.buffer, factors, 8000).fill(1)
  const pool = openKernelPool({ module, memory, threads: 3, scratchAt: 0, scratchBytes: 0 })
  for (let round = 0; round < 20; round += 1) {
    await pool.run({ kernel: 'accumulateGram', total: 10, chunk: 1 + (round % 4), args: [factors, 1000, 8, 100, partials] })
    await pool.run({ kernel: 'combineGrams', total: 8, chunk: 3, args: [partials, 10, 8, 0.5, gram] })
    assert.ok(new Float32Array(memory.buffer, gram, 64).every((value) => value === 500))
  }
  await pool.close()
  await assert.rejects(pool.run({ kernel: 'combineGrams', total: 8, chunk: 8, args: [] }), { code: 'NUMERICS_POOL_CLOSED' })
})

test('NUM15 a thread that fails fails the task', async () => {
  const pool = openKernelPool({ module, memory: createMemoryLayout().createMemory(), threads: 2, scratchAt: 0, scratchBytes: 0 })
  await assert.rejects(pool.run({ kernel: 'missing', total: 1, chunk: 1, args: [] }), { code: 'NUMERICS_POOL_CLOSED', message: /no kernel called "missing"/ })
  await pool.close()
})

test('NUM15 an open pool does not keep the process alive', async () => {
  const at = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href)
  const program = `
    const { openKernelPool } = await import(${at('./kernel-pool.ts')})
    const { loadKernels } = await import(${at('./load-kernels.ts')})
    const { createMemoryLayout } = await import(${at('./memory-layout.ts')})
    openKernelPool({ module: await loadKernels(), memory: createMemoryLayout().createMemory(), threads: 2, scratchAt: 0, scratchBytes: 0 })
    console.log('opened')`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], { timeout: 20000 })
  assert.equal(stdout.trim(), 'opened')
})
