// Commands talk to the platform that has the data folder open; when none does, they open the folder themselves, without jobs or a port.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { createCtx, type Ctx } from '@rondo/context'
import { createHttpClient, type Api, type Contract, type Peer } from '@rondo/contract'
import { listClosest } from '@rondo/errors'
import { createSilentLog } from '@rondo/host'
import { createManualClock, systemClock, type Clock } from '@rondo/time'
import { checkAnswers, findCopiedFrom, findRunning, openDataFolder } from '../data-folder.ts'
import { errors } from '../errors.ts'
import { readPlatformEnvironment } from '../environment.ts'
import { createPlatform, OPERATOR } from '../platform.ts'
import { findSavedWorldNow } from '../world-clock.ts'
import { loadWorkspace } from '../workspace/load-workspace.ts'
import { textOf, type Args } from './command.ts'
import { findPlace, listOwnDescriptors } from './place.ts'
import type { Terminal } from './terminal.ts'

export type Connection = {
  peer: Peer
  ctx: Ctx
  /** Where the platform listens, a token for it, and where people open it; absent when the folder was opened here. */
  server?: { url: string; token: string; publicUrl: string }
  /** Runs what is due, where no scheduler does it. */
  settle(): Promise<void>
  close(): Promise<void>
}

async function connect(args: Args, terminal: Terminal, makesFolder: boolean): Promise<Connection> {
  const place = findPlace(args)
  if (!makesFolder && textOf(args, 'data') !== undefined) await refuseUnmade(place.data)
  const running = await findRunning(place.data)
  const copied = await findCopiedFrom(place.data)
  if (copied !== undefined && !terminal.json) terminal.say(copied)
  const ctx = createCtx({ principal: OPERATOR })
  if (running !== undefined && running.url !== '') {
    await checkAnswers(running)
    const clients = new Map<string, Api<Contract>>()
    const peer: Peer = <C extends Contract>(contract: C): Api<C> => {
      const known = clients.get(contract.service) ?? createHttpClient<Contract>(contract, { baseUrl: running.url, token: running.token })
      clients.set(contract.service, known)
      return known as Api<C>
    }
    return { peer, ctx, server: { url: running.url, token: running.token, publicUrl: running.publicUrl ?? running.url }, settle: async () => {}, close: async () => {} }
  }
  const workspace = await loadWorkspace(place.workspace, place.config)
  if (textOf(args, 'data') === undefined && !terminal.json) terminal.say(terminal.dim(`No server has "${place.data}" open, so the folder itself is used. For a server that was started with --data, give the same --data here.`))
  const folder = await openDataFolder(place.data)
  const worldNowMs = await findSavedWorldNow(place.data)
  const clock: Clock = worldNowMs === undefined ? systemClock : createManualClock(worldNowMs)
  try {
    const platform = await createPlatform({ workspace, dataFolder: folder.path, log: createSilentLog(), clock, masterKey: readPlatformEnvironment(process.env).masterKey, descriptors: listOwnDescriptors() })
    await platform.apply(workspace)
    return {
      peer: platform.peer,
      ctx,
      settle: () => platform.settle(),
      async close() {
        await platform.close()
        await folder.close()
      },
    }
  } catch (thrown) {
    await folder.close()
    throw thrown
  }
}

/** A folder that was named and is not there is a slip of the hand, for whoever only looks. Throws NO_DATA_FOLDER. */
async function refuseUnmade(folder: string): Promise<void> {
  if (existsSync(folder)) return
  const beside = await readdir(dirname(folder)).catch(() => [])
  throw errors.noData({ folder, near: listClosest(basename(folder), beside) })
}

/** Runs `work` with a connection and closes it, whatever happens. `makesFolder`: a data folder that is named and missing is made. */
export async function withConnection(args: Args, terminal: Terminal, work: (connection: Connection) => Promise<number>, { makesFolder = false } = {}): Promise<number> {
  const connection = await connect(args, terminal, makesFolder)
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}
