// `rondo WORD …`: finds the command, gives it its arguments, turns what it throws into words and an exit code.
import { AppError, toAppError } from '@rondo/errors'
import { errors } from '../errors.ts'
import { VERSION } from '../version.ts'
import { readArgs, toHelp, toSuggestion, type Command } from './command.ts'
import { createTerminal, toExitCode } from './terminal.ts'

type Entry = { name: string; summary: string; load: () => Promise<{ command: Command }> }

/** In the order of the help: living with it first, asking it next, keeping it last. */
const ENTRIES: Entry[] = [
  { name: 'up', summary: 'run everything here: all rooms, the portal, a simulated world', load: () => import('./up.ts') },
  { name: 'serve', summary: 'run just these rooms, for production', load: () => import('./serve.ts') },
  { name: 'check', summary: 'load every definition and say what is wrong, as file:line', load: () => import('./check.ts') },
  { name: 'import', summary: 'real listening into the collector', load: () => import('./import.ts') },
  { name: 'events', summary: 'event types, their events, dead letters and counts', load: () => import('./events.ts') },
  { name: 'sql', summary: 'ask the datasets', load: () => import('./sql.ts') },
  { name: 'recommend', summary: 'what a listener should hear next, and why', load: () => import('./recommend.ts') },
  { name: 'evaluate', summary: 'recommenders on a table with known answers', load: () => import('./evaluate.ts') },
  { name: 'flags', summary: 'flags, and what a unit would get', load: () => import('./flags.ts') },
  { name: 'experiments', summary: 'experiments and their readouts', load: () => import('./experiments.ts') },
  { name: 'catalog', summary: 'descriptor files and entities', load: () => import('./catalog.ts') },
  { name: 'keys', summary: 'keys of programs and people', load: () => import('./keys.ts') },
  { name: 'doctor', summary: 'what is wrong with this machine, workspace or data', load: () => import('./doctor.ts') },
]

/** Words of interfaces to come: they say so and fail. */
const LATER = ['init', 'run', 'backfill', 'runs', 'lineage', 'train', 'similar', 'new', 'fleet']

const LISTS: Record<string, string> = { FLAG_NOT_FOUND: 'flags list', EXPERIMENT_NOT_FOUND: 'experiments list', EVENT_TYPE_NOT_FOUND: 'events types', KEY_NOT_FOUND: 'keys list' }

export async function main(argv: string[]): Promise<number> {
  const [word, ...rest] = argv
  const terminal = createTerminal(rest.includes('--json'), process.stdout, process.stderr, process.stdin)
  /** `rondo events read … | head`: whoever read along has enough. */
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => process.exit(cause.code === 'EPIPE' ? 0 : 1))
  /** A terminal that was closed hears no words; what is under way, a clean stop above all, goes on without them. */
  process.stderr.on('error', () => {})
  let found: Command | undefined
  try {
    const asked = word === 'help' && rest[0] !== undefined ? rest[0] : word
    if (asked === undefined || asked === '--help' || asked === '-h' || asked === 'help') {
      terminal.out(toOverview())
      return asked === undefined ? 2 : 0
    }
    if (word === '--version' || word === '-v') {
      terminal.out(VERSION)
      return 0
    }
    const entry = ENTRIES.find(({ name }) => name === asked)
    if (entry === undefined) {
      if (LATER.includes(asked)) throw errors.notYet({ command: asked })
      throw errors.usage({ text: `"${asked}" is no command.${toSuggestion(asked, ENTRIES.map(({ name }) => name))}`, command: '' })
    }
    const { command } = await entry.load()
    found = command
    if (asked !== word || rest.includes('--help') || rest.includes('-h')) {
      terminal.out(toHelp(command))
      return 0
    }
    return await command.run(readArgs(command, rest), terminal)
  } catch (thrown) {
    const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND' && /Cannot find package/.test(thrown.message)
    const error = toWordsOf(found, toAppError(isMissing ? errors.notInstalled({ reason: thrown.message }, thrown) : thrown))
    terminal.fail(error)
    if (error.kind === 'internal' && process.env['RONDO_DEBUG'] !== undefined) process.stderr.write(`${error.stack ?? ''}\n`)
    return toExitCode(error)
  }
}

/** What a room says of its API, in the words of the command: which option is out of range, and which command lists what is there. */
function toWordsOf(command: Command | undefined, error: AppError): AppError {
  const list = LISTS[error.code]
  const option = /^(?:query|body)\/(\w+)$/.exec(error.code === 'INVALID_INPUT' ? String(error.details['path']) : '')?.[1]?.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  if (command !== undefined && option !== undefined && command.options[option] !== undefined) return errors.usage({ text: `--${option}${error.message.slice(error.message.indexOf(' ')).replace('must be <=', 'is at most')}`, command: command.name }, error)
  return list === undefined ? error : new AppError({ ...error.toJSON(), help: `List them: npx rondo ${list}`, cause: error })
}

function toOverview(): string {
  const width = Math.max(...ENTRIES.map(({ name }) => name.length))
  return [
    `Rondo ${VERSION}: the loop from what people do to what they are given next.`,
    '',
    ...ENTRIES.map(({ name, summary }) => `  rondo ${name.padEnd(width)}  ${summary}`),
    '',
    'Each has --help with an example. Begin with: rondo up',
  ].join('\n')
}
