// `rondo flags`: what is switched how, and what a unit would get.
import { readFile } from 'node:fs/promises'
import { experimentsContract } from '@rondo/experiments/contract'
import type { FlagDefinition } from '@rondo/experiments/contract'
import { errors } from '../errors.ts'
import { positional, textOf, type Command } from './command.ts'
import { withConnection } from './connect.ts'

export const command: Command = {
  name: 'flags',
  summary: 'Flags, their rules, and what a unit would get.',
  usage: ['flags list', 'flags show FLAG', 'flags set FILE.json', 'flags resolve FLAG --unit U'],
  example: 'rondo flags resolve weekly-shelf --unit listener-0042',
  options: { unit: { type: 'string' } },
  optionHelp: { '--unit U': 'the targeting key' },
  run: (args, terminal) =>
    withConnection(args, async ({ peer, ctx }) => {
      const experiments = peer(experimentsContract)
      const verb = positional(args, 0, 'list, show, set or resolve', 'flags')
      if (verb === 'list') {
        const { rows } = await experiments.listFlags({}, ctx)
        terminal.rows(terminal.json ? rows : rows.map(({ key, owner, state, definition }) => ({ key, owner, state, variants: Object.keys(definition.variants).join(', '), rules: definition.rules.length })))
      } else if (verb === 'show') {
        const flag = await experiments.getFlag({ key: positional(args, 1, 'FLAG', 'flags') }, ctx)
        terminal.object(flag, () => JSON.stringify(flag, undefined, 2))
      } else if (verb === 'set') {
        const file = positional(args, 1, 'FILE.json', 'flags')
        const body = JSON.parse(await readFile(file, 'utf8')) as FlagDefinition
        const result = await experiments.putFlag({ key: body.key, body }, ctx)
        terminal.object(result, () => `${body.key} is in force.`)
      } else if (verb === 'resolve') {
        const unit = textOf(args, 'unit')
        const result = await experiments.resolveFlag({ key: positional(args, 1, 'FLAG', 'flags'), body: unit === undefined ? {} : { unit } }, ctx)
        terminal.object(result, () => JSON.stringify(result, undefined, 2))
      } else throw errors.usage({ text: `"${verb}" is no verb of flags.`, command: 'flags' })
      return 0
    }),
}
