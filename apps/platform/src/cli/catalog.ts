// `rondo catalog`: descriptor files and entities.
import { readFile } from 'node:fs/promises'
import { catalogContract } from '@rondo/catalog/contract'
import { lintDescriptors } from '@rondo/catalog/lint'
import { errors } from '../errors.ts'
import { wordOf, type Command } from './command.ts'
import { withConnection } from './connect.ts'

export const command: Command = {
  name: 'catalog',
  summary: 'Descriptor files and the entities they become.',
  usage: ['catalog lint FILE…', 'catalog search Q', 'catalog show REF'],
  example: 'rondo catalog lint catalog-info.yaml',
  options: {},
  words: { lint: ['FILE…'], search: ['Q'], show: ['REF'] },
  optionHelp: {},
  async run(args, terminal) {
    const verb = wordOf(args, 0)
    if (verb === 'lint') {
      const problems = (await Promise.all(args.positionals.slice(1).map(async (file) => lintDescriptors(await readText(file), file)))).flat()
      if (terminal.json) terminal.rows(problems)
      else for (const { file, line, column, severity, message, help } of problems) terminal.out(`${file}:${line}:${column}: ${severity}: ${message}${help === undefined ? '' : ` ${help}`}`)
      if (problems.length === 0 && !terminal.json) terminal.out(`${args.positionals.length - 1} ${args.positionals.length === 2 ? 'file' : 'files'}, all right.`)
      return problems.some(({ severity }) => severity === 'error') ? 1 : 0
    }
    return withConnection(args, terminal, async ({ peer, ctx }) => {
      const catalog = peer(catalogContract)
      if (verb === 'search') {
        const { rows } = await catalog.search({ q: wordOf(args, 1) }, ctx)
        terminal.rows(rows)
      } else {
        const entity = await catalog.getEntity({ ref: wordOf(args, 1) }, ctx)
        terminal.object(entity, () => JSON.stringify(entity, undefined, 2))
      }
      return 0
    })
  },
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw errors.unreadable({ file, reason: cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause) }, cause)
  }
}
