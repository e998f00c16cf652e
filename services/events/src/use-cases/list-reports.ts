// The accounts of closed hours, newest first, page by page.
import { HOUR_MS, toIso, toIsoHour } from '@rondo/time'
import type { ReportRow } from '../contract.ts'
import { errors } from '../errors.ts'
import { parseHour } from '../parse-hour.ts'
import type { Room } from '../room.ts'
import { listReports as findReports, type Report } from '../store/report-store.ts'

export type ReportQuery = { type?: string | undefined; from?: string | undefined; to?: string | undefined; after?: string | undefined; limit?: number | undefined }

export async function listReports(room: Room, { type, from, to, after, limit = 1000 }: ReportQuery): Promise<{ rows: ReportRow[]; next?: string }> {
  const range = { type, fromMs: from === undefined ? 0 : parseHour(from, 'from'), toMs: to === undefined ? Number.MAX_SAFE_INTEGER : parseHour(to, 'to') }
  const found = await findReports(room.deps.relational, range, after === undefined ? undefined : parsePlace(after), limit + 1)
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  return { rows: rows.map(toRow), ...(found.length > limit && last !== undefined ? { next: `h1.${last.startMs / HOUR_MS}.${last.type}` } : {}) }
}

function parsePlace(after: string): { startMs: number; type: string } {
  const [, hour, type] = /^h1\.(\d{1,9})\.(.+)$/.exec(after) ?? []
  if (hour === undefined || type === undefined) throw errors.cursorWrong({ cursor: after })
  return { startMs: Number(hour) * HOUR_MS, type }
}

function toRow({ type, startMs, delivered, duplicate, dead, inFlight, landed, late, version, closedAtMs }: Report): ReportRow {
  return {
    type,
    hour: toIsoHour(startMs),
    accepted: delivered + duplicate + dead,
    delivered,
    duplicate,
    dead,
    inFlight,
    landed,
    difference: delivered - landed - inFlight,
    late,
    version,
    closedAt: toIso(closedAtMs),
  }
}
