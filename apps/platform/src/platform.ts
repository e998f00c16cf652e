// The composition: stores, rooms, their peers, one scheduler and one host, opened in order and closed in reverse.
import { createAccessService, type AccessService } from '@rondo/access'
import { createCtx, type Ctx, type Principal } from '@rondo/context'
import { createHttpClient, createLocalClient, type Api, type Authenticate, type Contract, type Log, type Peer, type RawRoute, type Service } from '@rondo/contract'
import type { KafkaFaceOptions } from '@rondo/events'
import { createHost, isSameSecret, type Host } from '@rondo/host'
import { createIds } from '@rondo/ids'
import { createRandom, createSystemRandom, type Random } from '@rondo/random'
import { systemClock, toIso, type Clock } from '@rondo/time'
import { createPeers, type Peers } from './ask-peers.ts'
import { createHouseRoute } from './check-port.ts'
import { closeAll, closeAllAfter } from './close-all.ts'
import { platformContract, type WorldState, type WorkspaceProblem } from './contract.ts'
import { createStores } from './drivers.ts'
import { errors } from './errors.ts'
import { createForwardRoutes } from './forward-rooms.ts'
import { listUrls } from './list-urls.ts'
import { openMasterKey } from './master-key.ts'
import { rooms as allRooms, type RoomName } from './rooms.ts'
import { createScheduler } from './scheduler.ts'
import { withSignInPage } from './sign-in-page.ts'
import { createSignInRoutes } from './sign-in.ts'
import { VERSION } from './version.ts'
import { applyWorkspace } from './workspace/apply-workspace.ts'
import { findMissing, joinNames, listNames, openDefinedNames } from './workspace/defined-names.ts'
import type { Workspace } from './workspace/workspace.ts'

export type PlatformOptions = {
  workspace: Workspace
  dataFolder: string
  log: Log
  clock?: Clock
  /** Reproducible chance for tests and worlds; else the machine's. */
  seed?: number
  /** Which rooms run here; all unless told. Access is always there. */
  only?: RoomName[]
  /** The token of those who can read the data folder; see data-folder.ts. */
  localToken?: string
  /** With this token the rooms that run elsewhere are called. */
  peerToken?: string
  /** 64 hexadecimal digits; see master-key.ts. */
  masterKey?: string | undefined
  /** Where Kafka's clients are answered, if anywhere. */
  kafka?: KafkaFaceOptions
  /** Descriptor files besides the workspace's: the platform's own. */
  descriptors?: string[]
}

export type Platform = {
  readonly services: Service[]
  readonly access: AccessService
  readonly peer: Peer
  readonly log: Log
  /** What the portal's banner shows; the world writes here. */
  readonly state: { world: WorldState; loadedAtMs: number; definitions: number; problems: WorkspaceProblem[] }
  /** Gives definitions to the rooms that are lit here, and retires those that were given before and are gone. Throws WORKSPACE_INVALID; what a room refused stays as it was there. */
  apply(workspace: Workspace, signal?: AbortSignal): Promise<void>
  /** After `apply` threw: gives the rooms what they had, and retires what only the refused set defined. Throws WORKSPACE_INVALID for what cannot go back. */
  goBack(workspace: Workspace): Promise<void>
  /** Jobs run by themselves from now on. */
  start(): void
  /** Runs all jobs until none is due at this instant of the clock. */
  settle(): Promise<void>
  /** Begins a round of the jobs that change no answer to people. */
  keepPace(): void
  /** `url`: for this machine; `urls`: for people, who may sit elsewhere, the likeliest first. */
  listen(at: { bind: string; port: number; raw?: RawRoute[] }): Promise<{ url: string; urls: [string, ...string[]]; port: number }>
  close(): Promise<void>
  /** What `close` waits for now. */
  closing(): string | undefined
}

export const OFF: WorldState = { on: false, size: 'off', phase: 'off', progress: 0, rate: 1 }

/** Who can read the data folder has all of it in hand, and is an admin. */
export const OPERATOR: Principal = { kind: 'admin', name: 'local' }

/** The context of work that the platform does for itself. */
export function createHouseCtx(signal?: AbortSignal): Ctx {
  return createCtx({ principal: { kind: 'service', name: 'platform' }, ...(signal === undefined ? {} : { signal }) })
}

export async function createPlatform(options: PlatformOptions): Promise<Platform> {
  const { workspace, log } = options
  const clock = options.clock ?? systemClock
  const random = options.seed === undefined ? createSystemRandom() : createRandom(options.seed)
  const stores = createStores(workspace.config.stores ?? {}, options.dataFolder, clock)
  const services: Service[] = []
  const clients = new Map<string, Api<Contract>>()
  const peer = createPeer(clients, workspace.config.peers ?? {}, options.peerToken)
  let closing: string | undefined
  const naming = (name: string, close: () => Promise<void> | undefined) => async (): Promise<void> => {
    closing = name
    await close()
  }
  const opened = [naming('the stores', () => stores.close())]
  const light = <S extends Service>(service: S): S => {
    services.push(service)
    opened.push(naming(`the ${service.contract.service} room`, () => service.close()))
    clients.set(service.contract.service, createLocalClient(service.contract, service.api))
    return service
  }
  try {
    // Sessions and links of people end by the machine's clock also where the rooms live in simulated time.
    const parts = (name: string): { clock: Clock; random: Random; ids: ReturnType<typeof createIds>; log: Log } => ({ clock, random: random.fork(name), ids: createIds(clock, random.fork(`${name}/ids/${clock.now()}`)), log })
    const access = light(await createAccessService({ ...parts('access'), clock: systemClock, relational: await stores.openDatabase('access') }))
    const authenticate: Authenticate = async (secret, kinds, ctx, source) => {
      if (options.localToken !== undefined && isSameSecret(secret, options.localToken)) return kinds.includes('admin') ? OPERATOR : undefined
      return access.authenticate(secret, kinds, ctx, source)
    }
    const lit = new Set<RoomName>(options.only ?? allRooms.map((room) => room.name))
    for (const room of allRooms) {
      if (!lit.has(room.name)) continue
      light(await room.create({ ...parts(room.name), wallClock: systemClock, peer, authenticate, stores, openMasterKey: () => openMasterKey(options.dataFolder, options.masterKey), dataFolder: options.dataFolder, account: workspace.config.account ?? 'rondo', kafka: options.kafka, collector: workspace.config.events ?? {}, descriptors: [...(options.descriptors ?? []), ...workspace.descriptors] }))
    }
    const state: Platform['state'] = { world: OFF, loadedAtMs: clock.now(), definitions: 0, problems: [] }
    const peers = createPeers(workspace.config.peers ?? {}, lit, systemClock)
    light(createPlatformService(workspace, state, services, peers, clock))
    const defined = await openDefinedNames(options.dataFolder, workspace)
    const scheduler = createScheduler(services.map((service) => service.jobs ?? []), createHouseCtx(), log)
    let host: Host | undefined
    const give = async (next: Workspace, isGoingBack: boolean, signal?: AbortSignal): Promise<void> => {
      const [before, names] = [await defined.read(), listNames(next)]
      // Also what is only tried is kept in mind: half of it may stay when the rest is refused, or when we are killed.
      await defined.write(joinNames(before, names))
      const gone = findMissing(before, names)
      await applyWorkspace(next, { gone, isGoingBack }, lit, peer, createHouseCtx(signal))
      // What a room has that is not lit here goes when it is.
      await defined.write(joinNames(names, gone.filter(({ kind }) => !lit.has(kind === 'event' ? 'events' : 'experiments'))))
    }
    return {
      services,
      access,
      peer,
      log,
      state,
      async apply(next, signal) {
        await give(next, false, signal)
        state.loadedAtMs = clock.now()
        state.definitions = next.definitions.length
        state.problems = []
      },
      goBack: (good) => give(good, true),
      start: () => scheduler.start(),
      settle: () => scheduler.settle(),
      keepPace: () => scheduler.keepPace(),
      async listen({ bind, port, raw }) {
        const { publicUrl } = workspace.config
        const checks = { authenticate, session: (cookie: string, ctx: Ctx) => access.authenticateSession(cookie, ctx), ...(publicUrl === undefined ? {} : { publicUrl }) }
        host = createHost({ services, elsewhere: peers.readiness, raw: [createHouseRoute(workspace.config.name, workspace.folder, bind, publicUrl), ...createForwardRoutes(workspace.config.peers ?? {}, lit, { ...options, bind, checks }), ...createSignInRoutes(access, publicUrl), ...withSignInPage(raw ?? [], checks)], ...checks, log, bind, port })
        const at = await host.listen()
        const [first = at.url, ...others] = listUrls(bind, at.port)
        return { url: others.at(-1) ?? first, urls: [first, ...others], port: at.port }
      },
      closing: () => closing,
      async close() {
        await closeAll([...opened, naming('jobs under way', () => scheduler.close()), naming('requests under way', () => host?.close())])
        closing = undefined
      },
    }
  } catch (thrown) {
    return closeAllAfter(thrown, opened)
  }
}

/** A room's client: in this process when it is lit here, else at the address in the config. */
function createPeer(clients: Map<string, Api<Contract>>, addresses: Record<string, string>, token: string | undefined): Peer {
  return <C extends Contract>(contract: C): Api<C> => {
    let client = clients.get(contract.service)
    if (client === undefined) {
      const baseUrl = addresses[contract.service]
      if (baseUrl === undefined) throw errors.noPeer({ service: contract.service })
      client = createHttpClient<Contract>(contract, { baseUrl, ...(token === undefined ? {} : { token }) })
      clients.set(contract.service, client)
    }
    return client as Api<C>
  }
}

function createPlatformService(workspace: Workspace, state: Platform['state'], services: Service[], peers: Peers, clock: Clock): Service<typeof platformContract> {
  return {
    contract: platformContract,
    api: {
      info: async (_input, ctx) => ({
        name: workspace.config.name,
        version: VERSION,
        now: toIso(clock.now()),
        principal: 'name' in ctx.principal ? ctx.principal.name : 'anonymous',
        world: state.world,
        workspace: { loadedAt: toIso(state.loadedAtMs), definitions: state.definitions, problems: state.problems },
        rooms: services.map((service) => service.contract.service),
        away: await peers.away(),
      }),
    },
    close: async () => {},
  }
}
