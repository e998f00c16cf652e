// What a command is: a word, its help, and a function from parsed arguments to an exit code.
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { listClosest } from '@rondo/errors'
import { errors } from '../errors.ts'
import type { Terminal } from './terminal.ts'

export type Options = NonNullable<ParseArgsConfig['options']>

export type Command = {
  name: string
  /** One line for the list. */
  summary: string
  /** How it is called, one form a line, without the leading "rondo". */
  usage: string[]
  example: string
  options: Options
  /** The words after the command's own, by verb where it has verbs: `NAME`, one that may be left out as `[NAME]`, and as a last one or more as `NAME…`. */
  words: string[] | Record<string, string[]>
  /** First words that interfaces to come have: they say so and fail. */
  later?: string[]
  /** Text for each option, in the order of the help. */
  optionHelp: Record<string, string>
  run(args: Args, terminal: Terminal): Promise<number>
}

export type Args = { positionals: string[]; values: Record<string, string | boolean | (string | boolean)[] | undefined> }

/** Options that every command takes. */
export const COMMON: Options = {
  workspace: { type: 'string' },
  config: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
}

export const COMMON_HELP: Record<string, string> = {
  '--workspace DIR': 'the workspace; default: this folder when it holds rondo.config.ts, else the example',
  '--config FILE': 'its configuration; default: rondo.config.ts in the workspace',
  '--data DIR': 'the data folder; default: .rondo in the workspace',
  '--json': 'data as one JSON object',
}

/** Throws NOT_YET for what is to come, USAGE (exit code 2) for what the command does not know and for what is missing. */
export function readArgs(command: Command, argv: string[]): Args {
  const [first] = argv
  if (first !== undefined && command.later?.includes(first) === true) throw errors.notYet({ command: `${command.name} ${first}` })
  const args = parse(command, argv)
  const [words, given] = Array.isArray(command.words) ? [command.words, args.positionals] : [readVerb(command, command.words, args.positionals[0]), args.positionals.slice(1)]
  const missing = words.find((word, i) => !word.startsWith('[') && (given[i] ?? '').trim() === '')
  if (missing !== undefined) throw errors.usage({ text: `${missing.replace('…', '')} is missing: rondo ${findUsage(command, args.positionals[0])}`, command: command.name })
  const extra = /…\]?$/.test(words.at(-1) ?? '') ? undefined : given[words.length]
  if (extra !== undefined) throw errors.usage({ text: `"${extra}" is one word too many.`, command: command.name })
  return args
}

/** The form of the verb that was begun, else the first of the command. */
function findUsage({ name, usage }: Command, verb: string | undefined): string {
  return usage.find((line) => line === `${name} ${verb}` || line.startsWith(`${name} ${verb} `)) ?? usage[0] ?? name
}

function readVerb(command: Command, verbs: Record<string, string[]>, given: string | undefined): string[] {
  const known = Object.keys(verbs)
  if (given === undefined) throw errors.usage({ text: `Which verb of ${command.name}? There are ${known.join(', ')}.`, command: command.name })
  const words = Object.hasOwn(verbs, given) ? verbs[given] : undefined
  if (words === undefined) throw errors.usage({ text: `"${given}" is no verb of ${command.name}; there are ${known.join(', ')}.${toSuggestion(given, known)}`, command: command.name })
  return words
}

/** " Did you mean up?", or nothing where nothing is close. */
export function toSuggestion(given: string, known: Iterable<string>): string {
  const near = listClosest(given, known)
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`
}

function parse(command: Command, argv: string[]): Args {
  try {
    const { positionals, values } = parseArgs({ args: argv, options: { ...COMMON, ...command.options }, allowPositionals: true, strict: true })
    return { positionals, values }
  } catch (cause) {
    throw errors.usage({ text: cause instanceof Error ? toSentence(cause.message) : String(cause), command: command.name }, cause)
  }
}

/** The first sentence of what Node says; its hint about dashes names another notation than the help does. */
function toSentence(message: string): string {
  const ambiguous = /^Option '([^']+)' argument is ambiguous/.exec(message)
  if (ambiguous !== null) return `${ambiguous[1]} needs a value, and what follows looks like another option.`
  return `${message.split(/\.\s/, 1)[0]?.replace(/\.$/, '')}.`
}

export function textOf(args: Args, name: string): string | undefined {
  const value = args.values[name]
  return typeof value === 'string' ? value : undefined
}

/** A whole number option, from `least` on. Throws USAGE. */
export function integerOf(args: Args, name: string, command: string, least = 0): number | undefined {
  const text = textOf(args, name)
  if (text === undefined) return undefined
  if (!/^\d+$/.test(text)) throw errors.usage({ text: `--${name} takes a whole number, not "${text}".`, command })
  if (Number(text) < least) throw errors.usage({ text: `--${name} is at least ${least}.`, command })
  return Number(text)
}

/** The word at `index`, which `words` of the command asks for. */
export function wordOf(args: Args, index: number): string {
  return args.positionals[index] ?? ''
}

export function toHelp(command: Command): string {
  const rows = { ...command.optionHelp, ...COMMON_HELP, ...command.optionHelp }
  const width = Math.max(...Object.keys(rows).map((key) => key.length))
  return [
    command.summary,
    '',
    ...command.usage.map((line) => `  rondo ${line}`),
    '',
    ...Object.entries(rows).map(([key, text]) => `  ${key.padEnd(width)}  ${text}`),
    '',
    `Example: ${command.example}`,
    '',
  ].join('\n')
}
