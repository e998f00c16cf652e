// `rondo check`: everything a workspace defines, tried on an empty house in memory.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createSilentLog } from '@rondo/host'
import { createPlatform } from '../platform.ts'
import { loadWorkspace, toProblems } from '../workspace/load-workspace.ts'
import { toText } from '../workspace/workspace.ts'
import type { Command } from './command.ts'
import { findPlace } from './place.ts'

export const command: Command = {
  name: 'check',
  summary: 'Loads every definition of a workspace and prints what is wrong as file:line with the fix. Changes nothing.',
  usage: ['check [DIR]'],
  example: 'rondo check examples/music',
  options: {},
  optionHelp: {},
  async run(args, terminal) {
    const folder = args.positionals[0] === undefined ? findPlace(args).workspace : resolve(args.positionals[0])
    const data = await mkdtemp(join(tmpdir(), 'rondo-check-'))
    try {
      const workspace = await loadWorkspace(folder)
      // SQL is planned and schemas are compiled by the rooms themselves, on stores that vanish afterwards.
      const stores = { eventLog: 'memory:', keyValue: 'memory:', objects: 'memory:', relational: 'sqlite::memory:' }
      const platform = await createPlatform({ workspace: { ...workspace, config: { ...workspace.config, stores } }, dataFolder: data, log: createSilentLog() })
      try {
        await platform.apply(workspace)
      } finally {
        await platform.close()
      }
      terminal.object({ ok: true, definitions: workspace.definitions.length, problems: [] }, () => `${workspace.definitions.length} definitions, all right.`)
      return 0
    } catch (thrown) {
      const problems = toProblems(thrown)
      terminal.object({ ok: false, problems }, () => `${toText(problems)}\n${problems.length} wrong.`)
      return 1
    } finally {
      await rm(data, { recursive: true, force: true })
    }
  },
}
