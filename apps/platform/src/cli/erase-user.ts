// `rondo events erase`: says what an erasure would cover, asks, and does it. Nothing brings back what is erased.
import { eventsContract } from '@rondo/events/contract'
import { errors } from '../errors.ts'
import { wordOf, type Args } from './command.ts'
import type { Connection } from './connect.ts'
import type { Terminal } from './terminal.ts'

export async function eraseUser(args: Args, connection: Connection, terminal: Terminal): Promise<number> {
  const user = wordOf(args, 1)
  if (args.values['dry-run'] === true || args.values['yes'] !== true) {
    terminal.progress(`  looking for what is kept of "${user}"`)
    const found = await connection.peer(eventsContract).audit({ user }, connection.ctx)
    if (args.values['dry-run'] === true) {
      terminal.object({ ...found, dryRun: true }, () => sayCovered(found))
      return 0
    }
    terminal.say(sayCovered(found))
    if (found.keys > 0 && (await terminal.ask(`Type ${user} to erase it: `)).trim() !== user) {
      terminal.say('Nothing was erased.')
      return 1
    }
  }
  const result = await connection.peer(eventsContract).erase({ user }, connection.ctx)
  if (args.values['audit'] === true) return auditUser(args, connection, terminal)
  terminal.object(result, () => (result.keys === 0 ? `Nothing of "${user}" was sealed, or it is erased already. \`rondo events audit\` tells what can be read.` : `Erased: nobody reads again what was personal in the events of "${user}".`))
  return 0
}

/** Before anything is opened. Throws USAGE where nobody can be asked and nothing was said beforehand. */
export function requireConsent(args: Args, terminal: Terminal): void {
  if (wordOf(args, 0) !== 'erase' || args.values['yes'] === true || args.values['dry-run'] === true) return
  if (terminal.json || !terminal.canAsk) throw errors.usage({ text: `An erasure cannot be undone, and nobody can be asked here: say --yes to erase "${wordOf(args, 1)}", or --dry-run to see what it would cover.`, command: 'events' })
}

/** 1 when something can still be read. */
export async function auditUser(args: Args, { peer, ctx }: Connection, terminal: Terminal): Promise<number> {
  const { rows, readable } = await peer(eventsContract).audit({ user: wordOf(args, 1) }, ctx)
  terminal.rows(rows, ['place', 'type', 'records', 'sealed', 'plain', 'readable'])
  if (!terminal.json) terminal.say(`${readable} copies can be read.`)
  return readable === 0 ? 0 : 1
}

type Found = { user: string; keys: number; readable: number; rows: { place: string; type: string; records: number; plain: number; readable: number }[] }

export function sayCovered({ user, keys, readable, rows }: Found): string {
  const plain = rows.reduce((sum, row) => sum + row.plain, 0)
  const covered = rows.filter((row) => row.readable > row.plain)
  const types = new Set(covered.map(({ type }) => type))
  if (keys === 0) return `There is no key of "${user}" to destroy: nothing personal of it was sealed, or it is erased already. Ids are compared letter by letter.`
  return [
    `Erasing "${user}" destroys ${count(keys, 'key')}: ${count(readable - plain, 'copy', 'copies')} of what is personal in events of ${count(types.size, 'type')} can never be read again, by anybody.`,
    ...covered.map((row) => `  ${row.place.padEnd(8)} ${row.type}: ${(row.readable - row.plain).toLocaleString('en-US')}`),
    ...(plain === 0 ? [] : [`${count(plain, 'copy', 'copies')} written before there were keys stay until the retention of their type.`]),
    'Events themselves stay, and what is not personal in them.',
  ].join('\n')
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`
}
