// `rondo keys`: who may call, and the link that lets a browser in.
import { keysContract } from '@rondo/access/contract'
import { errors } from '../errors.ts'
import { SIGN_IN_PATH } from '../sign-in.ts'
import { textOf, wordOf, type Command } from './command.ts'
import { withConnection } from './connect.ts'
import { findPlace } from './place.ts'

const KINDS = ['admin', 'write', 'client', 'service'] as const

export const command: Command = {
  name: 'keys',
  summary: 'Keys of programs, and the one-time link that lets a browser into the portal.',
  usage: ['keys create --kind admin|write|client|service [--name NAME]', 'keys list', 'keys revoke ID', 'keys link'],
  example: 'rondo keys create --kind write --name web-player',
  words: { create: [], list: [], revoke: ['ID'], link: [] },
  options: { kind: { type: 'string' }, name: { type: 'string' } },
  optionHelp: { '--kind KIND': 'what it may do', '--name NAME': 'who will hold it' },
  async run(args, terminal) {
    const kind = KINDS.find((known) => known === textOf(args, 'kind'))
    const name = textOf(args, 'name') ?? kind
    if (wordOf(args, 0) === 'create' && kind === undefined) throw errors.usage({ text: `--kind takes ${KINDS.join(', ')}${args.values['kind'] === undefined ? '' : `, not "${textOf(args, 'kind')}"`}.`, command: 'keys' })
    return withConnection(args, terminal, async ({ peer, ctx, server }) => {
      const keys = peer(keysContract)
      const verb = wordOf(args, 0)
      if (verb === 'create' && kind !== undefined) {
        const key = await keys.createKey({ body: { kind, name: name ?? kind } }, ctx)
        terminal.object(key, () => `${key.secret}\n${terminal.dim('Shown once; kept only as a hash.')}`)
      } else if (verb === 'list') {
        const { rows } = await keys.listKeys({}, ctx)
        terminal.rows(rows, ['id', 'kind', 'name', 'prefix', 'createdAt', 'lastUsedAt', 'revokedAt'])
      } else if (verb === 'revoke') {
        const key = await keys.revokeKey({ id: wordOf(args, 1) }, ctx)
        terminal.object(key, () => `"${key.name}" is refused from now on.`)
      } else {
        if (server === undefined) throw errors.notRunning({ folder: findPlace(args).data })
        const { token } = await keys.createLink({}, ctx)
        const link = `${server.publicUrl}${SIGN_IN_PATH}?link=${token}`
        terminal.object({ link }, () => link)
      }
      return 0
    }, { makesFolder: wordOf(args, 0) === 'create' })
  },
}
