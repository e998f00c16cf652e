// `rondo keys`: who may call, and the link that lets a browser in.
import { keysContract } from '@rondo/access/contract'
import { errors } from '../errors.ts'
import { SIGN_IN_PATH } from '../sign-in.ts'
import { positional, textOf, type Command } from './command.ts'
import { withConnection } from './connect.ts'

const KINDS = ['admin', 'write', 'client', 'service'] as const

export const command: Command = {
  name: 'keys',
  summary: 'Keys of programs, and the one-time link that lets a browser into the portal.',
  usage: ['keys create --kind admin|write|client|service [--name NAME]', 'keys list', 'keys revoke ID', 'keys link'],
  example: 'rondo keys create --kind write --name web-player',
  words: { create: 1, list: 1, revoke: 2, link: 1 },
  options: { kind: { type: 'string' }, name: { type: 'string' } },
  optionHelp: { '--kind KIND': 'what it may do', '--name NAME': 'who will hold it' },
  run: (args, terminal) =>
    withConnection(args, terminal, async ({ peer, ctx, server }) => {
      const keys = peer(keysContract)
      const verb = positional(args, 0, 'create, list, revoke or link', 'keys')
      if (verb === 'create') {
        const kind = KINDS.find((known) => known === textOf(args, 'kind'))
        if (kind === undefined) throw errors.usage({ text: `--kind takes ${KINDS.join(', ')}.`, command: 'keys' })
        const key = await keys.createKey({ body: { kind, name: textOf(args, 'name') ?? kind } }, ctx)
        terminal.object(key, () => `${key.secret}\n${terminal.dim('Shown once; kept only as a hash.')}`)
      } else if (verb === 'list') {
        const { rows } = await keys.listKeys({}, ctx)
        terminal.rows(rows, ['id', 'kind', 'name', 'prefix', 'createdAt', 'lastUsedAt', 'revokedAt'])
      } else if (verb === 'revoke') {
        const key = await keys.revokeKey({ id: positional(args, 1, 'ID', 'keys') }, ctx)
        terminal.object(key, () => `"${key.name}" is refused from now on.`)
      } else if (verb === 'link') {
        if (server === undefined) throw errors.usage({ text: 'Nothing runs on this data folder, so there is no portal to open; start it with `rondo up`.', command: 'keys' })
        const { token } = await keys.createLink({}, ctx)
        const link = `${server.publicUrl}${SIGN_IN_PATH}?link=${token}`
        terminal.object({ link }, () => link)
      } else throw errors.usage({ text: `"${verb}" is no verb of keys.`, command: 'keys' })
      return 0
    }),
}
