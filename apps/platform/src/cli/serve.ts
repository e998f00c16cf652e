// `rondo serve ROOM…`: just these rooms, for production: no world, no portal unless the catalog is among them.
import { createLog } from '@rondo/host'
import { openDataFolder } from '../data-folder.ts'
import { readPlatformEnvironment } from '../environment.ts'
import { errors } from '../errors.ts'
import { createHouseCtx, createPlatform } from '../platform.ts'
import { rooms } from '../rooms.ts'
import { applyUntilTaken } from '../workspace/apply-until-taken.ts'
import { loadWorkspace } from '../workspace/load-workspace.ts'
import { integerOf, textOf, type Command } from './command.ts'
import { openPortal } from './open-portal.ts'
import { findPlace, listOwnDescriptors } from './place.ts'
import { listenForStop } from './signals.ts'
import { readRooms, sayKeys } from './up.ts'

export const command: Command = {
  name: 'serve',
  summary: 'Runs just these rooms, or all that have no address in peers of the configuration; other rooms are reached there, also through this one. Logs go to standard error as JSON lines.',
  usage: ['serve [ROOM…] [--port N] [--host H]'],
  example: 'rondo serve events experiments --port 7071',
  words: ['[ROOM…]'],
  options: { port: { type: 'string' }, host: { type: 'string' } },
  optionHelp: { '--port N': 'default 7070', '--host H': 'default 127.0.0.1' },
  async run(args, terminal) {
    const named = args.positionals.length === 0 ? undefined : readRooms(args.positionals.join(','), 'serve')
    const place = findPlace(args)
    const environment = readPlatformEnvironment(process.env)
    using stop = listenForStop()
    const workspace = await loadWorkspace(place.workspace, place.config)
    const only = named ?? rooms.map((room) => room.name).filter((name) => workspace.config.peers?.[name] === undefined)
    const away = Object.keys(workspace.config.peers ?? {}).find((room) => !only.some((name) => name === room))
    if (away !== undefined && environment.peerToken === undefined) throw errors.noPeerToken({ room: away })
    const folder = await openDataFolder(place.data)
    const stopping = new AbortController()
    try {
      const log = createLog({ name: only.join('+') })
      const platform = await createPlatform({ workspace, dataFolder: place.data, log, only, localToken: folder.token, ...(environment.peerToken === undefined ? {} : { peerToken: environment.peerToken }), descriptors: listOwnDescriptors() })
      try {
        const keys = await platform.access.bootstrapKeys(environment.keys, createHouseCtx())
        sayKeys(keys, terminal)
        const bind = textOf(args, 'host') ?? '127.0.0.1'
        const raw = only.includes('catalog') ? (await openPortal(bind, terminal)).routes : []
        const { url } = await platform.listen({ bind, port: integerOf(args, 'port', 'serve') ?? 7070, raw })
        await folder.announce(url, workspace.config.publicUrl)
        platform.start()
        log.info('listening', { url, rooms: only })
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
    return 0
  },
}
