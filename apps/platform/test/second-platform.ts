// A second platform of a simulated life, as a process: it stands at the instant that the first one tells it, and settles when asked.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import type { StoreAddresses } from 'rondo'
import { createSilentLog } from '@rondo/host'
import { createManualClock } from '@rondo/time'
import { createPlatform } from '../src/platform.ts'
import type { RoomName } from '../src/rooms.ts'
import { loadLifeWorkspace, type Trial } from './life-workspace.ts'

export type SecondPlatformOptions = { seed: number; trial: Trial; stores: StoreAddresses; only: RoomName[]; token: string; folder: string; startMs: number }

export type SecondPlatform = {
  readonly url: string
  settle(nowMs: number): Promise<void>
  keepPace(nowMs: number): void
  close(): Promise<void>
}

type Asked = { act: 'settle' | 'keepPace' | 'close'; nowMs: number }
type Told = { url: string } | { settled: true } | { failed: string }

export async function startSecondPlatform(options: SecondPlatformOptions): Promise<SecondPlatform> {
  const child = fork(import.meta.filename, [JSON.stringify(options)])
  const ended = once(child, 'close')
  const hear = async (): Promise<Told> => {
    const [told] = (await Promise.race([once(child, 'message'), ended.then(() => [{ failed: 'it ended' }])])) as [Told]
    if ('failed' in told) throw new Error(`The second platform: ${told.failed}`)
    return told
  }
  const ask = (asked: Asked): void => void child.send(asked)
  const first = await hear()
  return {
    url: 'url' in first ? first.url : '',
    async settle(nowMs) {
      const settled = hear()
      ask({ act: 'settle', nowMs })
      await settled
    },
    keepPace: (nowMs) => ask({ act: 'keepPace', nowMs }),
    async close() {
      if (child.connected) ask({ act: 'close', nowMs: 0 })
      await ended
    },
  }
}

async function run(options: SecondPlatformOptions, tell: (told: Told) => void): Promise<void> {
  const clock = createManualClock(options.startMs)
  const workspace = await loadLifeWorkspace(options)
  const { seed, only, token } = options
  await mkdir(options.folder, { recursive: true })
  const platform = await createPlatform({ workspace, dataFolder: options.folder, log: createSilentLog(), clock, seed, only, localToken: token })
  await platform.apply(workspace)
  const { url } = await platform.listen({ bind: '127.0.0.1', port: 0 })
  const settle = (): Promise<void> => platform.settle().then(() => tell({ settled: true }), (thrown: unknown) => tell({ failed: String(thrown) }))
  process.on('message', ({ act, nowMs }: Asked) => {
    if (act === 'close') return void platform.close().finally(() => process.disconnect())
    clock.moveTo(nowMs)
    if (act === 'settle') void settle()
    else platform.keepPace()
  })
  tell({ url })
}

if (process.argv[1] === import.meta.filename) {
  const tell = (told: Told): void => void process.send?.(told)
  run(JSON.parse(process.argv[2] ?? '') as SecondPlatformOptions, tell).catch((thrown: unknown) => {
    tell({ failed: String(thrown) })
    process.exitCode = 1
    process.disconnect()
  })
}
