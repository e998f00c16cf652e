// `rondo check`: everything a workspace defines, tried on an empty house in memory.
import { resolve } from 'node:path'
import { loadWorkspace, toProblems } from '../workspace/load-workspace.ts'
import { tryWorkspace } from '../workspace/try-workspace.ts'
import { toText } from '../workspace/workspace.ts'
import type { Command } from './command.ts'
import { findPlace } from './place.ts'

export const command: Command = {
  name: 'check',
  summary: 'Loads every definition of a workspace and prints what is wrong as file:line with the fix. Changes nothing.',
  usage: ['check [DIR]'],
  example: 'rondo check examples/music',
  options: {},
  words: ['[DIR]'],
  optionHelp: {},
  async run(args, terminal) {
    const folder = args.positionals[0] === undefined ? findPlace(args).workspace : resolve(args.positionals[0])
    try {
      const workspace = await loadWorkspace(folder)
      await tryWorkspace(workspace)
      terminal.object({ ok: true, definitions: workspace.definitions.length, problems: [] }, () => `${workspace.definitions.length} definitions, all right.`)
      return 0
    } catch (thrown) {
      const problems = toProblems(thrown)
      terminal.object({ ok: false, problems }, () => `${toText(problems)}\n${problems.length} wrong.`)
      return 1
    }
  },
}
