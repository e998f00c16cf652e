// `rondo check`: everything a workspace defines, tried on an empty house in memory.
import { join, resolve } from 'node:path'
import { createCtx } from '@rondo/context'
import { createHttpClient, type Api } from '@rondo/contract'
import { toAppError } from '@rondo/errors'
import { eventsContract } from '@rondo/events/contract'
import { platformContract, type WorkspaceProblem } from '../contract.ts'
import { checkAnswers, findRunning } from '../data-folder.ts'
import { loadWorkspace, toProblems } from '../workspace/load-workspace.ts'
import { tryWorkspace } from '../workspace/try-workspace.ts'
import { toText, type Workspace } from '../workspace/workspace.ts'
import { textOf, type Command } from './command.ts'
import { findPlace } from './place.ts'

export const command: Command = {
  name: 'check',
  summary: 'Loads every definition of a workspace and prints what is wrong as file:line with the fix, also what a house that runs on it has refused. Changes nothing.',
  usage: ['check [DIR]'],
  example: 'rondo check examples/music',
  options: {},
  words: ['[DIR]'],
  optionHelp: {},
  async run(args, terminal) {
    const folder = args.positionals[0] === undefined ? findPlace(args).workspace : resolve(args.positionals[0])
    try {
      const workspace = await loadWorkspace(folder, findPlace(args).config)
      await tryWorkspace(workspace)
      const refused = await findRefused(workspace, textOf(args, 'data') === undefined ? join(folder, '.rondo') : findPlace(args).data).catch((thrown: unknown) => {
        terminal.say(`What the house that runs has refused is not known: ${toAppError(thrown).message}`)
        return undefined
      })
      if (refused !== undefined) {
        terminal.object({ ok: false, problems: refused.problems }, () => `${toText(refused.problems)}\n${refused.problems.length} refused by the house at ${refused.url}, which goes on with what was in force before.`)
        return 1
      }
      terminal.object({ ok: true, definitions: workspace.definitions.length, problems: [] }, () => `${workspace.definitions.length} definitions, all right.`)
      return 0
    } catch (thrown) {
      const problems = toProblems(thrown)
      terminal.object({ ok: false, problems }, () => `${toText(problems)}\n${problems.length} wrong.`)
      return 1
    }
  },
}

/** What is right for an empty house may clash with the past of the one that runs: that one knows what it refused at the last save, and what it would say to the event types as they stand now. */
async function findRefused(checked: Workspace, dataFolder: string): Promise<{ url: string; problems: WorkspaceProblem[] } | undefined> {
  const running = await findRunning(dataFolder)
  if (running === undefined || running.url === '') return undefined
  await checkAnswers(running)
  const at = { baseUrl: running.url, token: running.token }
  const { workspace } = await createHttpClient(platformContract, at).info({}, createCtx())
  const clashes = await findClashes(checked, createHttpClient(eventsContract, at))
  const problems = [...workspace.problems, ...clashes.filter(({ file, line }) => !workspace.problems.some((known) => known.file === file && known.line === line))]
  return problems.length === 0 ? undefined : { url: running.url, problems }
}

/** Event types whose change the registry there would refuse; nothing is changed. */
async function findClashes({ definitions }: Workspace, events: Api<typeof eventsContract>): Promise<WorkspaceProblem[]> {
  const found: WorkspaceProblem[] = []
  for (const { definition, file, line } of definitions) {
    if (definition.kind !== 'event') continue
    const { kind: _kind, ...body } = definition
    const { fault } = await events.checkType({ type: body.name, body }, createCtx())
    if (fault !== null) found.push({ file, line, message: fault.message, ...(fault.help === null ? {} : { help: fault.help }) })
  }
  return found
}
