// `rondo events dead`: what was refused, why, and how many by the names of reasons that `replay --reason` takes.
import { eventsContract } from '@rondo/events/contract'
import { integerOf, wordOf, type Args } from './command.ts'
import type { Connection } from './connect.ts'
import type { Terminal } from './terminal.ts'

export async function showDead(args: Args, { peer, ctx }: Connection, terminal: Terminal): Promise<number> {
  const type = wordOf(args, 1)
  const { rows, reasons } = await peer(eventsContract).listDead({ type, limit: integerOf(args, 'limit', 'events') ?? 20 }, ctx)
  if (terminal.json) terminal.object({ rows, reasons }, () => '')
  else if (rows.length === 0) terminal.say(`No dead letters of "${type}". Those of types that nobody registered lie under "unknown".`)
  else {
    terminal.rows(rows.map((row) => (row.erased === true ? { ...row, reason: 'erased with its user' } : row)), ['id', 'type', 'receivedAt', 'reason', 'raw'])
    terminal.say(renderReasons(type, reasons))
  }
  return 0
}

export function renderReasons(type: string, reasons: { reason: string; count: number }[]): string {
  return ['By reason:', ...reasons.map(({ reason, count }) => `${count.toLocaleString('en-US').padStart(8)}  rondo events replay ${type} --dry-run --reason "${reason}"`)].join('\n')
}
