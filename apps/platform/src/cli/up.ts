// `rondo up`: the whole house on one folder, with the portal and, unless told otherwise, a simulated world of listeners.
import { join } from 'node:path'
import { createLog } from '@rondo/host'
import { startWorld, WORLD_WEEKS, type RunningWorld } from '@rondo/listeners'
import { systemClock, toIso } from '@rondo/time'
import type { WorldSize } from 'rondo'
import { checkPort } from '../check-port.ts'
import { openDataFolder } from '../data-folder.ts'
import { readPlatformEnvironment } from '../environment.ts'
import { errors } from '../errors.ts'
import { createHouseCtx, createPlatform, type Platform } from '../platform.ts'
import { findKafkaPlace } from '../kafka-place.ts'
import { createHistory } from '../pass-history.ts'
import { rooms, type RoomName } from '../rooms.ts'
import { SIGN_IN_PATH } from '../sign-in.ts'
import { VERSION } from '../version.ts'
import { openWorldTime, type WorldTime } from '../world-clock.ts'
import { loadWorkspace, toProblems } from '../workspace/load-workspace.ts'
import { tryWorkspace } from '../workspace/try-workspace.ts'
import { watchWorkspace } from '../workspace/watch-workspace.ts'
import { toText, type Workspace } from '../workspace/workspace.ts'
import { integerOf, textOf, type Args, type Command } from './command.ts'
import { limitClosing } from './limit-closing.ts'
import { openPortal } from './open-portal.ts'
import { findPlace, listOwnDescriptors, toPlaceOptions } from './place.ts'
import { listenForStop } from './signals.ts'
import { createSteps } from './steps.ts'
import { createHistoryTeller } from './tell-history.ts'
import type { Terminal } from './terminal.ts'

const SIZES: WorldSize[] = ['off', 'small', 'default', 'large']
const SEED = 1
/** Simulated seconds a second once history is written: an hour passes in ten seconds. */
const LIVE_RATE = 360

export const command: Command = {
  name: 'up',
  summary: 'Runs everything here: all rooms, the portal, and a simulated world of listeners.',
  usage: ['up [--port N] [--host H] [--world off|small|default|large] [--only a,b] [--kafka PORT]'],
  example: 'rondo up --port 7171 --world off',
  words: [],
  options: { port: { type: 'string' }, host: { type: 'string' }, world: { type: 'string' }, only: { type: 'string' }, kafka: { type: 'string' }, seed: { type: 'string' }, 'no-open': { type: 'boolean' } },
  optionHelp: {
    '--port N': 'default 7070; 0 takes a free one',
    '--host H': 'default 127.0.0.1; on any other nothing is served without a key',
    '--world SIZE': 'off, small, default or large; default: what rondo.config.ts says',
    '--only a,b': 'just these rooms',
    '--kafka PORT': 'Kafka clients find the event types as topics here; default: what RONDO_KAFKA_PORT or rondo.config.ts says, else nowhere',
    '--seed N': 'another simulated world',
    '--no-open': 'do not offer to open a browser (none is opened when there is no terminal)',
  },
  run,
}

async function run(args: Args, terminal: Terminal): Promise<number> {
  const startedAt = performance.now()
  const port = readPort(args, 'up')
  const bind = textOf(args, 'host') ?? '127.0.0.1'
  const only = textOf(args, 'only')
  const asked = { size: readSize(textOf(args, 'world')), only: only === undefined ? undefined : readRooms(only, 'up'), seed: integerOf(args, 'seed', 'up') ?? SEED, kafka: integerOf(args, 'kafka', 'up', 1) }
  const place = findPlace(args)
  const environment = readPlatformEnvironment(process.env)
  using stop = listenForStop()
  /** What would still be open if the process had to end now. */
  let findOpen = (): string | undefined => 'the start'
  limitClosing(stop.asked, () => findOpen(), terminal)
  const steps = createSteps(terminal, startedAt)
  terminal.say(`${terminal.bold('Rondo')} ${VERSION}`)
  // From before the first reading on: what is saved between the two would be seen by neither.
  using watcher = watchWorkspace(place.workspace, place.data)
  const workspace = await loadWorkspace(place.workspace, place.config)
  steps.done('workspace', `${workspace.definitions.length} definitions in ${place.workspace}`)
  const size = asked.size ?? workspace.config.world ?? 'off'
  const kafka = findKafkaPlace({ command: 'up', option: asked.kafka, variable: environment.kafkaPort, config: workspace.config.kafka, bind, hasEvents: asked.only?.includes('events') !== false })
  const folder = await openDataFolder(place.data)
  try {
    // Before there are keys, which are shown once.
    await checkPort(bind, port)
    const time = size === 'off' ? undefined : await openWorldTime(place.data, WORLD_WEEKS[size], Date.now())
    const log = createLog({ file: join(place.data, 'logs/rondo.log') })
    const platform = await createPlatform({
      workspace,
      dataFolder: place.data,
      log,
      clock: time?.clock ?? systemClock,
      localToken: folder.token,
      masterKey: environment.masterKey,
      ...(environment.peerToken === undefined ? {} : { peerToken: environment.peerToken }),
      descriptors: listOwnDescriptors(),
      ...(asked.only === undefined ? {} : { only: asked.only }),
      ...(kafka === undefined ? {} : { kafka }),
    })
    let world: RunningWorld | undefined
    findOpen = () => platform.closing() ?? 'a reload or the simulated world'
    /** One after the other, so that what was saved last is what stays in force. */
    let reloaded: Promise<void> = Promise.resolve()
    try {
      steps.done('rooms', `${platform.services.length} lit on ${place.data}`)
      /** Said at once: a start that fails after this would leave keys that nobody ever saw. */
      sayKeys(await platform.access.bootstrapKeys(environment.keys, createHouseCtx()), terminal)
      await platform.apply(workspace)
      steps.done('definitions', 'in force')
      const portal = await openPortal(bind, terminal)
      steps.done('portal', portal.built ? 'built' : 'not built; everything else runs')
      const { url, urls } = await platform.listen({ bind, port, raw: portal.routes })
      const { publicUrl = urls[0] } = workspace.config
      await folder.announce(url, publicUrl)
      steps.done('listening', urls.join('  '))
      if (kafka !== undefined) steps.done('kafka', `${kafka.host}:${kafka.port}`)
      const link = await platform.access.createAdminLink(createHouseCtx())
      terminal.say(`\n  Open ${terminal.bold(`${publicUrl}${SIGN_IN_PATH}?link=${link}`)}\n  ${terminal.dim(`The link works once; \`npx rondo keys link${toPlaceOptions(args)}\` makes another. Ctrl-C stops; the next start goes on from here.`)}\n`)
      let good = workspace
      watcher.tell(() => {
        reloaded = reloaded.then(async () => {
          good = await reload(platform, good, terminal)
        })
      })
      if (time === undefined || size === 'off') platform.start()
      else world = await startLife(platform, { url, token: folder.token, size, time, folder: place.data, seed: asked.seed }, terminal)
      await (world === undefined ? stop.asked : Promise.race([stop.asked, world.failed]))
      terminal.say('\nStopping…')
    } finally {
      watcher.close()
      await reloaded
      await world?.close()
      await platform.close()
      await time?.save()
    }
  } finally {
    await folder.close()
  }
  findOpen = () => undefined
  terminal.say('Stopped.')
  return 0
}

type Life = { url: string; token: string; size: Exclude<WorldSize, 'off'>; time: WorldTime; folder: string; seed: number }

/** History day by day, then accelerated time with all jobs in their own loops. */
async function startLife(platform: Platform, life: Life, terminal: Terminal): Promise<RunningWorld> {
  const { time } = life
  const state = platform.state
  state.world = { on: true, size: life.size, phase: time.clock.now() < time.liveFromMs ? 'history' : 'live', progress: 0, rate: LIVE_RATE }
  const nowMs = time.clock.now()
  if (state.world.phase === 'live') {
    platform.start()
    terminal.say(`  world        goes on from ${toIso(nowMs)}; an hour passes in ${3600 / LIVE_RATE} s`)
  } else terminal.say(`  world        ${nowMs > time.startMs ? `goes on at ${toIso(nowMs)} with` : 'writing'} ${WORLD_WEEKS[life.size]} weeks of simulated history, from ${toIso(time.startMs)} on; the portal shows them as they come, and life goes on from there`)
  const tellHistory = createHistoryTeller(terminal, (time.clock.now() - time.startMs) / (time.liveFromMs - time.startMs))
  const history = createHistory(platform, time.clock)
  let savedAtMs = time.clock.now()
  return startWorld({
    url: life.url,
    token: life.token,
    size: life.size,
    seed: life.seed,
    startMs: time.startMs,
    liveFromMs: time.liveFromMs,
    nowMs: time.clock.now(),
    rate: LIVE_RATE,
    stateFile: join(life.folder, 'world-listeners.json'),
    warn: (text) => terminal.say(`  world        ${text}`),
    async advance(toMs) {
      if (state.world.phase === 'history') await history.advance(toMs)
      else time.clock.moveTo(toMs)
      if (toMs - savedAtMs >= 3_600_000) {
        await time.save()
        savedAtMs = toMs
      }
    },
    onProgress({ phase, progress, events, eventsPerSecond, waitedMs }) {
      const rate = `${Math.round(eventsPerSecond).toLocaleString('en-US')}/s`
      const begun = state.world.phase === 'history' && phase === 'live'
      state.world = { ...state.world, phase, progress }
      if (phase === 'history') tellHistory(progress, events, rate)
      if (!begun) return
      platform.start()
      terminal.say(`  world        ${events.toLocaleString('en-US')} simulated events of history, told at ${rate}; datasets, lists and decisions that follow took ${(waitedMs / 1000).toFixed(0)} s more; from ${toIso(time.clock.now())} on, an hour passes in ${3600 / LIVE_RATE} s`)
    },
  })
}

/** A broken file leaves the last `good` set in force, and the page, the terminal and `rondo check` say which line. Gives the set that is in force. */
async function reload(platform: Platform, good: Workspace, terminal: Terminal): Promise<Workspace> {
  try {
    const workspace = await loadWorkspace(good.folder, good.configFile)
    await tryWorkspace(workspace)
    await applyOrGoBack(platform, workspace, good)
    terminal.say(`  reloaded     ${workspace.definitions.length} definitions`)
    return workspace
  } catch (thrown) {
    platform.state.problems = toProblems(thrown)
    terminal.say(`  not reloaded; what was in force stays:\n${toText(platform.state.problems)}`)
    return good
  }
}

/** What an empty house takes, one with a past may refuse, when other rooms have taken their part already: they get back what they had. */
async function applyOrGoBack(platform: Platform, workspace: Workspace, good: Workspace): Promise<void> {
  try {
    await platform.apply(workspace)
  } catch (thrown) {
    // A version of an event type that was taken stays the newest, and the older one is refused; all else is as before.
    await platform.goBack(good).catch(() => undefined)
    throw thrown
  }
}

function readSize(text: string | undefined): WorldSize | undefined {
  const size = SIZES.find((known) => known === text)
  if (size === undefined && text !== undefined) throw errors.usage({ text: `--world takes ${SIZES.join(', ')}, not "${text}".`, command: 'up' })
  return size
}

export function readPort(args: Args, command: string): number {
  const port = integerOf(args, 'port', command) ?? 7070
  if (port > 65_535) throw errors.usage({ text: `--port takes 0 to 65535, not ${port}.`, command })
  return port
}

export function readRooms(text: string, command: string): RoomName[] {
  const known = rooms.map((room) => room.name)
  return text.split(',').map((name) => {
    const room = known.find((candidate) => candidate === name.trim())
    if (room === undefined) throw errors.usage({ text: `There is no room "${name.trim()}"; there are ${known.join(', ')}.`, command })
    return room
  })
}

/** Keys that this start made, and no later one will show. */
export function sayKeys(keys: { adminToken?: string; writeKey?: string; clientSecret?: string }, terminal: Terminal): void {
  for (const [name, secret] of Object.entries({ 'admin token': keys.adminToken, 'write key': keys.writeKey, 'client secret': keys.clientSecret })) {
    if (secret !== undefined) terminal.say(`  ${name.padEnd(13)} ${secret}  ${terminal.dim('(shown once)')}`)
  }
}
