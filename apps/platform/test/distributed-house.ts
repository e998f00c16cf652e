// The example product as its distributed configuration describes it: a process with events and pipelines, and the front with all other rooms.
import { findFreePorts } from './find-free-ports.ts'
import { MUSIC } from './music-copy.ts'
import { startServe, type RunningPlatform } from './running-platform.ts'

export type DistributedHouse = AsyncDisposable & {
  /** The process with events and pipelines. */
  readonly rear: RunningPlatform
  readonly front: RunningPlatform
  startRear(): Promise<RunningPlatform>
  startFront(): Promise<RunningPlatform>
}

/** `env`: the addresses of its stores. Both start at once, as machines do; each waits for what it needs of the other. */
export async function startDistributedHouse(folder: string, env: Record<string, string>): Promise<DistributedHouse> {
  const [rearPort, frontPort] = await findFreePorts(2)
  const start = (name: string, port: number | undefined, rooms: string[]): Promise<RunningPlatform> =>
    startServe(`${folder}/${name}`, rooms, ['--workspace', MUSIC, '--config', 'rondo.distributed.config.ts', '--port', String(port)], { ...env, RONDO_EVENTS_URL: `http://127.0.0.1:${rearPort}` })
  const startRear = (): Promise<RunningPlatform> => start('rear', rearPort, ['events', 'pipelines'])
  const startFront = (): Promise<RunningPlatform> => start('front', frontPort, [])
  const started = await Promise.allSettled([startRear(), startFront()])
  const [rear, front] = started.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : undefined))
  const house = { rear, front }
  const dispose = async (): Promise<void> => void (await Promise.all([house.rear?.kill(), house.front?.kill()]))
  if (rear === undefined || front === undefined) {
    await dispose()
    throw started.find((outcome) => outcome.status === 'rejected')?.reason
  }
  await Promise.all([rear, front].map((process) => process.hasSaid(/definitions in force/)))
  return {
    get rear() {
      return house.rear ?? rear
    },
    get front() {
      return house.front ?? front
    },
    startRear: async () => (house.rear = await startRear()),
    startFront: async () => (house.front = await startFront()),
    [Symbol.asyncDispose]: dispose,
  }
}
