// `rondo catalog`: descriptor files and entities.
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { catalogContract } from '@rondo/catalog/contract'
import { lintDescriptors } from '@rondo/catalog/lint'
import { errors } from '../errors.ts'
import { listDescriptors } from '../workspace/load-workspace.ts'
import { wordOf, type Command } from './command.ts'
import { withConnection } from './connect.ts'
import { findPlace } from './place.ts'

export const command: Command = {
  name: 'catalog',
  summary: 'Descriptor files (without FILE those of the workspace) and the entities they become.',
  usage: ['catalog lint [FILE…]', 'catalog search Q', 'catalog show REF'],
  example: 'rondo catalog search listening',
  options: {},
  words: { lint: ['[FILE…]'], search: ['Q'], show: ['REF'] },
  optionHelp: {},
  async run(args, terminal) {
    const verb = wordOf(args, 0)
    if (verb === 'lint') {
      const named = args.positionals.slice(1)
      const files = named.length === 0 ? await listOfWorkspace(findPlace(args).workspace) : named
      const problems = (await Promise.all(files.map(async (file) => lintDescriptors(await readText(file), file)))).flat()
      if (terminal.json) terminal.rows(problems)
      else for (const { file, line, column, severity, message, help } of problems) terminal.out(`${file}:${line}:${column}: ${severity}: ${message}${help === undefined ? '' : ` ${help}`}`)
      if (problems.length === 0 && !terminal.json) terminal.out(`${files.length} ${files.length === 1 ? 'file' : 'files'}, all right.`)
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

/** As they are named from here. */
async function listOfWorkspace(folder: string): Promise<string[]> {
  return (await listDescriptors(folder)).map((file) => relative(process.cwd(), file))
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw errors.unreadable({ file, reason: cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause) }, cause)
  }
}
