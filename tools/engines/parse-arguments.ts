// The command line of `npm run engines`.
import { resolve } from 'node:path'
import { engineNames, isEngineName, type EngineName } from './engine.ts'
import { errors } from './errors.ts'

export type Arguments = {
  command: 'up' | 'down' | 'status'
  engines: EngineName[]
  /** Folder of the set; undefined for the one that is always there. */
  set: string | undefined
  portBase: number | undefined
  fresh: boolean
}

const commands = ['up', 'down', 'status'] as const

export function parseArguments(args: string[]): Arguments {
  const words: string[] = []
  let set: string | undefined
  let portBase: number | undefined
  let fresh = false
  const rest = [...args]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith('--')) words.push(word)
    else if (word === '--fresh') fresh = true
    else if (word === '--dir') set = resolve(readValue(word, rest.shift(), 'a folder'))
    else if (word === '--port-base') portBase = readPort(word, rest.shift())
    else throw errors.optionBad({ option: word, value: '', wanted: 'one of --dir FOLDER, --port-base PORT, --fresh' })
  }
  const [first = '', ...names] = words
  const command = commands.find((known) => known === first)
  if (command === undefined) throw errors.commandUnknown({ command: first })
  if (command === 'up' && names.length === 0) throw errors.enginesMissing({})
  return { command, engines: readEngines(names), set, portBase, fresh }
}

/** In the order of `engineNames`; none named means all. */
function readEngines(names: string[]): EngineName[] {
  for (const name of names) if (name !== 'all' && !isEngineName(name)) throw errors.engineUnknown({ name })
  return names.length === 0 || names.includes('all') ? [...engineNames] : engineNames.filter((name) => names.includes(name))
}

function readValue(option: string, value: string | undefined, wanted: string): string {
  if (value === undefined || value === '' || value.startsWith('--')) throw errors.optionBad({ option, value: value ?? '', wanted })
  return value
}

function readPort(option: string, value: string | undefined): number {
  const port = Number(value)
  if (!Number.isInteger(port) || port < 1024 || port > 65_000) throw errors.optionBad({ option, value: value ?? '', wanted: 'a port from 1024 to 65000' })
  return port
}
