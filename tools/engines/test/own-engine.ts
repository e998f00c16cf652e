// What holds for every engine that a test starts for itself, told once; each engine's own file says how it keeps something.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFaultProxy } from '@rondo/testing'
import type { EngineName } from '../engine.ts'
import { isListening } from '../process/ports.ts'
import { waitFor } from '../process/wait-for.ts'
import { startEngine, type StartedEngine } from '../start-engine.ts'

export type Keeping = {
  /** Keeps something that survives a power cut. */
  write: (port: number) => Promise<unknown>
  /** Whether it is there. */
  read: (port: number) => Promise<boolean>
}

/** `keeping` is absent for engines in memory. */
export function testOwnEngine(name: EngineName, keeping?: Keeping): void {
  test(`EN13 ${name} comes back at its address after a stop and after a kill, with its data, and stands still while it is paused`, async () => {
    await using engine = await startEngine(name)
    const port = portOf(engine)
    await keeping?.write(port)
    const { url } = engine
    await engine.stop()
    assert.equal(await isListening(port), false)
    await engine.start()
    assert.equal(await (keeping?.read(port) ?? true), true)
    await engine.kill()
    assert.deepEqual([await isListening(port), engine.isRunning()], [false, false])
    assert.throws(() => engine.pause(), /was stopped by this test/)
    await engine.start()
    assert.deepEqual([engine.url, await (keeping?.read(port) ?? true)], [url, true])
    assert.ok(engine.measureMemoryBytes() > 1_000_000)
    engine.pause()
    const late = keeping?.read(port).then(() => 'read')
    if (late !== undefined) assert.equal(await Promise.race([late, waitFor(300, () => false).then(() => 'still')]), 'still')
    engine.resume()
    await late
  })

  test(`EN13 ${name} through a proxy is the same engine`, async () => {
    await using engine = await startEngine(name)
    await using proxy = await createFaultProxy(engine.proxy)
    assert.match(engine.urlAt(proxy.port), new RegExp(`127\\.0\\.0\\.1:${proxy.port}\\b`))
    await keeping?.write(proxy.port)
    assert.equal(await (keeping?.read(portOf(engine)) ?? true), true)
  })
}

/** Not by `URL`: schemes that it does not know have no host in it. */
function portOf({ url }: StartedEngine): number {
  return Number(/127\.0\.0\.1:(\d+)/.exec(url)?.[1])
}
