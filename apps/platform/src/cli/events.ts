// `rondo events`: types, what arrived, what was refused, and whether the counts agree.
import { eventsContract, type EventRow } from '@rondo/events/contract'
import { errors } from '../errors.ts'
import { integerOf, textOf, wordOf, type Args, type Command } from './command.ts'
import { withConnection, type Connection } from './connect.ts'
import { listTypes, showType, tellTypeScript } from './event-types.ts'
import { auditUser, eraseUser, requireConsent } from './erase-user.ts'
import { replayDead } from './replay-dead.ts'
import { showDead } from './show-dead.ts'
import type { Terminal } from './terminal.ts'

type Verb = (args: Args, connection: Connection, terminal: Terminal) => Promise<number>

const PAGE = 5_000

const verbs = {
  async types(args: Args, connection: Connection, terminal: Terminal) {
    const type = args.positionals[1]
    if (args.values['typescript'] === true) await tellTypeScript(type, connection, terminal)
    else await (type === undefined ? listTypes(connection, terminal) : showType(type, connection, terminal))
    return 0
  },
  async tail(args: Args, { peer, ctx }: Connection, terminal: Terminal) {
    const { rows } = await peer(eventsContract).readEvents({ type: wordOf(args, 1), limit: integerOf(args, 'limit', 'events') ?? 20 }, ctx)
    terminal.rows(rows.reverse(), ['receivedAt', 'id', 'userId', 'properties'])
    return 0
  },
  dead: showDead,
  replay: replayDead,
  async readers({ positionals }: Args, { peer, ctx }: Connection, terminal: Terminal) {
    const type = positionals[1]
    if (type !== undefined) await peer(eventsContract).getType({ type }, ctx)
    const { rows } = await peer(eventsContract).listReaders(type === undefined ? {} : { type }, ctx)
    terminal.rows(rows, ['type', 'reader', 'kind', 'members', 'lag', 'lagMs', 'cursor', 'askedAt'])
    return 0
  },
  async seek(args: Args, { peer, ctx }: Connection, terminal: Terminal) {
    const [type, reader, to] = [wordOf(args, 1), wordOf(args, 2), wordOf(args, 3)]
    if (!/^(start|end|v1\.\d+|\d{4}-.*)$/.test(to)) throw errors.usage({ text: `A reader goes to start, end, a cursor such as v1.500 or an instant such as 2026-09-21T09:00:00Z, not "${to}".`, command: 'events' })
    const { rows } = await peer(eventsContract).listReaders({ type }, ctx)
    const row = await peer(eventsContract).moveReader({ type, reader, body: { to } }, ctx)
    const news = rows.some((one) => one.reader === reader) ? '' : ` It is new: nobody had read ${type} under this name.`
    terminal.object(row, () => `${row.reader} goes on at ${row.cursor} of ${row.type}, ${row.lag.toLocaleString('en-US')} behind.${news}`)
    return 0
  },
  async quotas(_args: Args, { peer, ctx }: Connection, terminal: Terminal) {
    const { rows } = await peer(eventsContract).quotas({}, ctx)
    if (rows.length === 0 && !terminal.json) terminal.say('No key has a quota: events.quotas in rondo.config.ts gives them.')
    else terminal.rows(rows, ['key', 'eventsPerSecond', 'burst', 'bytesPerDay', 'bytesToday', 'refused'])
    return 0
  },
  async counts(args: Args, { peer, ctx }: Connection, terminal: Terminal) {
    const type = args.positionals[1]
    if (args.values['hourly'] === true) {
      if (type !== undefined && type !== 'unknown') await peer(eventsContract).getType({ type }, ctx)
      const kept = await peer(eventsContract).reports({ limit: integerOf(args, 'limit', 'events') ?? 48, ...(type === undefined ? {} : { type }) }, ctx)
      terminal.rows(kept.rows, ['hour', 'type', 'accepted', 'delivered', 'duplicate', 'dead', 'landed', 'difference', 'late'])
      return kept.rows.some(({ difference }) => difference !== 0) ? 1 : 0
    }
    const { rows } = await peer(eventsContract).counts(type === undefined ? {} : { type }, ctx)
    terminal.rows(rows, ['type', 'accepted', 'delivered', 'duplicate', 'dead', 'inFlight'])
    return 0
  },
  async read(args: Args, { peer, ctx }: Connection, terminal: Terminal) {
    const type = wordOf(args, 1)
    const format = textOf(args, 'format') ?? 'ndjson'
    if (format !== 'ndjson' && format !== 'csv') throw errors.usage({ text: `--format takes ndjson or csv, not "${format}".`, command: 'events' })
    const from = textOf(args, 'from')
    const isCursor = from !== undefined && /^v1\.\d+$/.test(from)
    const fromMs = from === undefined || from === 'start' || isCursor ? 0 : /^\d{4}-/.test(from) ? Date.parse(from) : Number.NaN
    if (Number.isNaN(fromMs)) throw errors.usage({ text: `--from takes start, a cursor such as v1.500 or an instant such as 2026-09-21T09:00:00Z, not "${from}".`, command: 'events' })
    if (format === 'csv') terminal.out(CSV_COLUMNS.join(','))
    let after: string | undefined = isCursor ? from : undefined
    for (;;) {
      const page = await peer(eventsContract).readEvents({ type, order: 'asc', limit: PAGE, ...(args.values['sealed'] === true ? { sealed: true } : {}), ...(after === undefined ? {} : { after }) }, ctx)
      for (const row of page.rows) if (Date.parse(row.receivedAt) >= fromMs) terminal.out(format === 'csv' ? toCsv(row) : JSON.stringify(row))
      if (page.rows.length === 0) return 0
      after = page.next
    }
  },
  erase: eraseUser,
  audit: auditUser,
} satisfies Record<string, Verb>

export const command: Command = {
  name: 'events',
  summary: 'Event types, their events, dead letters and counts.',
  usage: ['events types [TYPE] [--typescript]', 'events tail TYPE [--limit N]', 'events dead TYPE [--limit N]', 'events replay TYPE [--reason REASON] [--repair STEP]… [--new-ids] [--dry-run]', 'events readers [TYPE]', 'events seek TYPE READER start|end|CURSOR|TIME', 'events counts [TYPE] [--hourly] [--limit N]', 'events read TYPE [--from start|CURSOR|TIME] [--format ndjson|csv] [--sealed]', 'events quotas', 'events erase USER [--dry-run] [--yes] [--audit]', 'events audit USER'],
  example: 'rondo events tail track-played --limit 5',
  words: { types: ['[TYPE]'], tail: ['TYPE'], dead: ['TYPE'], replay: ['TYPE'], readers: ['[TYPE]'], seek: ['TYPE', 'READER', 'TO'], counts: ['[TYPE]'], read: ['TYPE'], quotas: [], erase: ['USER'], audit: ['USER'] },
  options: { typescript: { type: 'boolean' }, limit: { type: 'string' }, from: { type: 'string' }, format: { type: 'string' }, sealed: { type: 'boolean' }, audit: { type: 'boolean' }, hourly: { type: 'boolean' }, reason: { type: 'string' }, repair: { type: 'string', multiple: true }, 'new-ids': { type: 'boolean' }, 'dry-run': { type: 'boolean' }, yes: { type: 'boolean' } },
  optionHelp: { '--typescript': 'types: as TypeScript for clients, e.g. > events.ts', '--reason REASON': 'replay: only letters of this reason, as `events dead` counts them below its rows', '--repair STEP': 'replay: sends only letters that it changes, mended, e.g. "convert properties/playedMs=integer"; steps are done in their order', '--new-ids': 'replay: letters without a usable id get one; they stay dead without it', '--dry-run': 'replay: sends nothing, and shows what would become of the oldest; erase: only says what it covers', '--limit N': 'newest so many; default 20, of hours 48', '--from WHERE': 'start, after the cursor of an event that was read before, or an instant of receipt', '--format F': 'ndjson (default) or csv', '--sealed': 'leaves what is personal under its key, so that a later erasure reaches the copy too', '--hourly': 'the account of each closed hour as it was kept; 1 when one does not agree', '--yes': 'erase: without asking, as a script must', '--audit': 'erase: then counts what of the user can still be read' },
  async run(args, terminal) {
    const verb: Verb = verbs[wordOf(args, 0) as keyof typeof verbs]
    integerOf(args, 'limit', 'events', 1)
    requireConsent(args, terminal)
    return withConnection(args, terminal, (connection) => verb(args, connection, terminal))
  },
}

const CSV_COLUMNS = ['id', 'type', 'userId', 'anonymousId', 'occurredAt', 'receivedAt', 'properties', 'context', 'sealed', 'erased', 'cursor'] as const

/** Everything that a row has; objects as JSON. */
export function toCsv(row: EventRow): string {
  return CSV_COLUMNS.map((column) => {
    const value = row[column] ?? ''
    const cell = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
  }).join(',')
}
