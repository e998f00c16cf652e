// `rondo serve ROOM…`: just these rooms, for production: no world, no portal unless the catalog is among them.
import { createLog } from '@rondo/host'
import { checkPort } from '../check-port.ts'
import { openDataFolder } from '../data-folder.ts'
import { readPlatformEnvironment } from '../environment.ts'
import { errors } from '../errors.ts'
import { findKafkaPlace } from '../kafka-place.ts'
import { createHouseCtx, createPlatform } from '../platform.ts'
import { rooms } from '../rooms.ts'
import { applyUntilTaken } from '../workspace/apply-until-taken.ts'
import { loadWorkspace } from '../workspace/load-workspace.ts'
import { integerOf, textOf, type Command } from './command.ts'
import { limitClosing } from './limit-closing.ts'
import { openPortal } from './open-portal.ts'
import { findPlace, listOwnDescriptors } from './place.ts'
import { listenForStop } from './signals.ts'
import { readPort, readRooms, sayKeys } from './up.ts'

export const command: Command = {
  name: 'serve',
  summary: 'Runs just these rooms, or all that have no address in peers of the configuration; other rooms are reached there, also through this one. Logs go to standard error as JSON lines.',
  usage: ['serve [ROOM…] [--port N] [--host H] [--kafka PORT]'],
  example: 'rondo serve events experiments --port 7071',
  words: ['[ROOM…]'],
  options: { port: { type: 'string' }, host: { type: 'string' }, kafka: { type: 'string' } },
  optionHelp: { '--port N': 'default 7070', '--host H': 'default 127.0.0.1', '--kafka PORT': 'Kafka clients find the event types as topics here; default: what RONDO_KAFKA_PORT or rondo.config.ts says, else nowhere' },
  async run(args, terminal) {
    const named = args.positionals.length === 0 ? undefined : readRooms(args.positionals.join(','), 'serve')
    const place = findPlace(args)
    const bind = textOf(args, 'host') ?? '127.0.0.1'
    const port = readPort(args, 'serve')
    const environment = readPlatformEnvironment(process.env)
    using stop = listenForStop()
    /** What would still be open if the process had to end now. */
    let findOpen = (): string | undefined => 'the start'
    limitClosing(stop.asked, () => findOpen(), terminal)
    const workspace = await loadWorkspace(place.workspace, place.config)
    const only = named ?? rooms.map((room) => room.name).filter((name) => workspace.config.peers?.[name] === undefined)
    const away = Object.keys(workspace.config.peers ?? {}).find((room) => !only.some((name) => name === room))
    if (away !== undefined && environment.peerToken === undefined) throw errors.noPeerToken({ room: away })
    const kafka = findKafkaPlace({ command: 'serve', option: integerOf(args, 'kafka', 'serve', 1), variable: environment.kafkaPort, config: workspace.config.kafka, bind, hasEvents: only.includes('events') })
    const folder = await openDataFolder(place.data)
    const stopping = new AbortController()
    try {
      // Before there are keys, which are shown once.
      await checkPort(bind, port)
      const log = createLog({ name: only.join('+') })
      const platform = await createPlatform({ workspace, dataFolder: place.data, log, only, localToken: folder.token, masterKey: environment.masterKey, ...(environment.peerToken === undefined ? {} : { peerToken: environment.peerToken }), descriptors: listOwnDescriptors(), ...(kafka === undefined ? {} : { kafka }) })
      findOpen = () => platform.closing() ?? 'definitions that are not taken yet'
      try {
        const keys = await platform.access.bootstrapKeys(environment.keys, createHouseCtx())
        sayKeys(keys, terminal)
        const raw = only.includes('catalog') ? (await openPortal(bind, terminal)).routes : []
        const { url, urls } = await platform.listen({ bind, port, raw })
        await folder.announce(url, workspace.config.publicUrl ?? urls[0])
        platform.start()
        log.info('listening', { url, ...(urls.length > 1 ? { urls } : {}), rooms: only, ...(kafka === undefined ? {} : { kafka: `${kafka.host}:${kafka.port}` }) })
        const applying = applyUntilTaken(platform, workspace, stopping.signal)
        try {
          await stop.asked
        } finally {
          stopping.abort(new Error('The platform is stopping.'))
          await applying
        }
      } finally {
        await platform.close()
      }
    } finally {
      await folder.close()
    }
    findOpen = () => undefined
    return 0
  },
}
