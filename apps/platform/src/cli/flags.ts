// `rondo flags`: what is switched how, and what a unit would get.
import { readFile } from 'node:fs/promises'
import { experimentsContract } from '@rondo/experiments/contract'
import type { FlagDefinition } from '@rondo/experiments/contract'
import { errors } from '../errors.ts'
import { textOf, wordOf, type Command } from './command.ts'
import { withConnection } from './connect.ts'

export const command: Command = {
  name: 'flags',
  summary: 'Flags, their rules, and what a unit would get.',
  usage: ['flags list', 'flags show FLAG', 'flags set FILE.json', 'flags resolve FLAG --unit U'],
  example: 'rondo flags resolve weekly-shelf --unit listener-0042',
  words: { list: [], show: ['FLAG'], set: ['FILE.json'], resolve: ['FLAG'] },
  options: { unit: { type: 'string' } },
  optionHelp: { '--unit U': 'the targeting key' },
  run: (args, terminal) =>
    withConnection(args, terminal, async ({ peer, ctx }) => {
      const experiments = peer(experimentsContract)
      const verb = wordOf(args, 0)
      if (verb === 'list') {
        const { rows } = await experiments.listFlags({}, ctx)
        terminal.rows(terminal.json ? rows : rows.map(({ key, owner, state, definition }) => ({ key, owner, state, variants: Object.keys(definition.variants).join(', '), rules: definition.rules.length })))
      } else if (verb === 'show') {
        const flag = await experiments.getFlag({ key: wordOf(args, 1) }, ctx)
        terminal.object(flag, () => JSON.stringify(flag, undefined, 2))
      } else if (verb === 'set') {
        const file = wordOf(args, 1)
        const body = await readDefinition(file)
        const result = await experiments.putFlag({ key: body.key, body }, ctx)
        terminal.object(result, () => `${body.key} is in force.`)
      } else {
        const [key, unit] = [wordOf(args, 1), textOf(args, 'unit')]
        // Its own answer to an unknown flag is for programs.
        await experiments.getFlag({ key }, ctx)
        const result = await experiments.resolveFlag({ key, body: unit === undefined ? {} : { unit } }, ctx)
        terminal.object(result, () => JSON.stringify(result, undefined, 2))
        return result.errorCode === undefined ? 0 : 1
      }
      return 0
    }),
}

/** The service judges the rest; here only what is needed to send it. */
async function readDefinition(file: string): Promise<FlagDefinition> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw errors.unreadable({ file, reason: cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause) }, cause)
  })
  const value = parse(text, file)
  if (typeof value !== 'object' || value === null || !('key' in value) || typeof value.key !== 'string') throw errors.unreadable({ file, reason: 'it holds no flag: a JSON object with "key", "variants", "rules" …' })
  return value as FlagDefinition
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw errors.unreadable({ file, reason: cause instanceof Error ? cause.message : String(cause) }, cause)
  }
}
