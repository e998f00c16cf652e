// `rondo events replay`: dead letters again, mended by steps if need be, and shown before they are sent if asked.
import { eventsContract, type RepairStep } from '@rondo/events/contract'
import { errors } from '../errors.ts'
import { textOf, wordOf, type Args } from './command.ts'
import type { Connection } from './connect.ts'
import type { Terminal } from './terminal.ts'

const FORMS = 'set FIELD=VALUE, default FIELD=VALUE, remove FIELD, rename FIELD=NAME, convert FIELD=string|number|integer|boolean, truncate FIELD=LENGTH'

export async function replayDead(args: Args, { peer, ctx }: Connection, terminal: Terminal): Promise<number> {
  const type = wordOf(args, 1)
  const reason = textOf(args, 'reason')
  const repair = [args.values['repair'] ?? []].flat().map((text) => parseStep(String(text)))
  const newIds = args.values['new-ids'] === true
  const body = { ...(reason === undefined ? {} : { reason }), ...(newIds ? { newIds } : {}), ...(repair.length === 0 ? {} : { repair }) }
  if (args.values['dry-run'] === true) {
    const dry = await peer(eventsContract).replayDead({ type, body: { ...body, dryRun: true } }, ctx)
    terminal.object(dry, () => dry.examined === 0 ? sayNone(type, reason) : [...(dry.samples ?? []).map(renderSample), `${sayShown(dry.samples?.length ?? 0, dry.examined)}Of the oldest ${dry.examined.toLocaleString('en-US')}, ${dry.accepted.toLocaleString('en-US')} would be taken and ${dry.stillDead.toLocaleString('en-US')} still refused. Nothing was sent.`].join('\n'))
    return 0
  }
  const result = { examined: 0, accepted: 0, duplicate: 0, stillDead: 0 }
  let after: string | undefined
  do {
    const part = await peer(eventsContract).replayDead({ type, body: after === undefined ? body : { ...body, after } }, ctx)
    for (const key of ['examined', 'accepted', 'duplicate', 'stillDead'] as const) result[key] += part[key]
    after = part.next
    if (after !== undefined) terminal.progress(`  ${result.examined.toLocaleString('en-US')} looked at, ${result.accepted.toLocaleString('en-US')} delivered`)
  } while (after !== undefined)
  terminal.object(result, () => result.examined === 0 ? sayNone(type, reason) : `${result.accepted} delivered, ${result.duplicate} were there already, ${result.stillDead} still refused.`)
  return 0
}

/** Samples end somewhere, and whoever reads them should know. */
export function sayShown(shown: number, examined: number): string {
  return shown >= examined ? '' : `Shown are the oldest ${shown}. `
}

function sayNone(type: string, reason: string | undefined): string {
  return reason === undefined ? `No dead letters of "${type}".` : `No dead letter of "${type}" has the reason "${reason}". \`rondo events dead ${type}\` counts what there is by reason.`
}

function renderSample({ before, after, reason }: { before: string; after: string; reason: string | null }): string {
  return [`- ${before}`, ...(after === before ? [] : [`+ ${after}`]), reason === null ? '  would be taken' : `  still refused: ${reason}`].join('\n')
}

/** "convert properties/playedMs=integer". Values are JSON; what is not is text. */
export function parseStep(text: string): RepairStep {
  const [, verb = '', field = '', given] = /^\s*(\w+)\s+([^=\s]+)(?:=(.*))?$/s.exec(text) ?? []
  const refuse = (): never => {
    throw errors.usage({ text: `--repair takes ${FORMS}; not "${text}".`, command: 'events' })
  }
  if (verb === 'remove' && given === undefined) return { do: 'remove', field }
  if (given === undefined) return refuse()
  switch (verb) {
    case 'set':
    case 'default':
      return { do: verb, field, value: parseValue(given) }
    case 'rename':
      return { do: 'rename', field, to: given }
    case 'convert':
      return given === 'string' || given === 'number' || given === 'integer' || given === 'boolean' ? { do: 'convert', field, to: given } : refuse()
    case 'truncate':
      return /^\d{1,5}$/.test(given) ? { do: 'truncate', field, length: Number(given) } : refuse()
    default:
      return refuse()
  }
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
