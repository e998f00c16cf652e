// The room behind a real server, as published clients reach it.
import type { Service } from '@rondo/contract'
import { createHost, createSilentLog } from '@rondo/host'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, type ManualClock } from '@rondo/time'
import { START_MS, openHouse, type House, type HouseOptions } from './events-house.ts'

export type ServedHouse = { house: House; url: string; clock: ManualClock } & AsyncDisposable

export async function serveHouse(options: HouseOptions = {}): Promise<ServedHouse> {
  const folder = await createTempFolder()
  const clock = createManualClock(START_MS)
  const house = await openHouse(folder.path, clock, options)
  const host = createHost({ services: [house.service as Service], authenticate: house.deps.authenticate, session: async () => undefined, log: createSilentLog(), bind: '127.0.0.1', port: 0 })
  const { url } = await host.listen()
  return {
    house,
    url,
    clock,
    async [Symbol.asyncDispose]() {
      await host.close()
      await house.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
