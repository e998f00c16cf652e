// Walks every place where the room keeps events and counts what of one user can still be read: the proof that an erasure is one.
import type { StoredRecord } from '@rondo/event-log'
import type { AuditRow } from '../contract.ts'
import { takePersonal, type Wire } from '../domain/personal-part.ts'
import { UNKNOWN_TYPE } from '../domain/read-wire-event.ts'
import { userOwner } from '../erasure/key-ring.ts'
import { findUser } from '../erasure/seal-letters.ts'
import { readBucketOf } from '../landing/read-bucket-of.ts'
import { readRecords } from '../landing/read-records.ts'
import { HOUSE, type DeadFlow, type Flow, type Room } from '../room.ts'
import { listBuckets } from '../store/bucket-store.ts'
import { listKeysOf } from '../store/key-store.ts'
import { eventsTopic } from '../topics.ts'

export type Audit = { user: string; keys: number; readable: number; rows: AuditRow[] }

const PAGE = 10_000
const PAGE_BYTES = 32 * 1024 * 1024

/** `keys`: every one the user ever had, and whether it still exists. */
type Subject = { user: string; keys: ReadonlyMap<string, boolean> }

export async function auditUser(room: Room, user: string): Promise<Audit> {
  const keys = new Map((await listKeysOf(room.deps.relational, userOwner(user))).map(({ id, exists }) => [id, exists]))
  const subject: Subject = { user, keys }
  const rows: AuditRow[] = []
  for (const flow of room.flows.values()) {
    rows.push(await auditLog(room, flow, subject), await auditDead(room, flow.type.name, flow.dead, subject), await auditBuckets(room, flow, subject))
  }
  rows.push(await auditDead(room, UNKNOWN_TYPE, room.unknown, subject))
  return { user, keys: [...keys.values()].filter((exists) => exists).length, readable: rows.reduce((sum, row) => sum + row.readable, 0), rows: rows.filter(({ records }) => records > 0) }
}

async function auditLog(room: Room, flow: Flow, { user, keys }: Subject): Promise<AuditRow> {
  const row = createRow('log', flow.type.name)
  const escaped = JSON.stringify(user).slice(1, -1)
  for await (const records of walk(room, eventsTopic(flow.type.name))) {
    for (const { key, value } of records) {
      if (key !== user && key !== escaped) continue
      const wire = JSON.parse(toText(value)) as Wire & { sealed?: { key: string } }
      if ((wire['userId'] ?? wire['anonymousId']) !== user) continue
      note(row, wire.sealed === undefined ? undefined : (keys.get(wire.sealed.key) ?? false), takePersonal(wire, flow.type.personal).part !== undefined)
    }
  }
  return row
}

async function auditDead(room: Room, type: string, dead: DeadFlow, { user, keys }: Subject): Promise<AuditRow> {
  const row = createRow('dead', type)
  if (!dead.exists) return row
  for await (const records of walk(room, dead.topic)) {
    for (const { headers, value } of records) {
      const id = headers?.['k']
      if (id === undefined ? findUser(toText(value)) === user : keys.has(id)) note(row, id === undefined ? undefined : keys.get(id), id === undefined)
    }
  }
  return row
}

async function auditBuckets(room: Room, { type }: Flow, { user, keys }: Subject): Promise<AuditRow> {
  const row = createRow('buckets', type.name)
  for (const bucket of await listBuckets(room.deps.relational, type.name, 0, Number.MAX_SAFE_INTEGER)) {
    for (const file of bucket.files) {
      for (const { sealedBy, plain } of await readBucketOf(room, type, file.key, user)) note(row, sealedBy === undefined ? undefined : (keys.get(sealedBy) ?? false), plain)
    }
  }
  return row
}

/** `keyExists`: undefined for what is not sealed. */
function note(row: AuditRow, keyExists: boolean | undefined, isPlain: boolean): void {
  row.records += 1
  if (keyExists !== undefined) row.sealed += 1
  if (isPlain) row.plain += 1
  if (isPlain || keyExists === true) row.readable += 1
}

function createRow(place: AuditRow['place'], type: string): AuditRow {
  return { place, type, records: 0, sealed: 0, plain: 0, readable: 0 }
}

async function* walk(room: Room, topic: string): AsyncGenerator<StoredRecord[]> {
  const [offsets] = await room.deps.eventLog.offsets(topic, HOUSE)
  const { start = 0, end = 0 } = offsets ?? {}
  for (let offset = start; offset < end; ) {
    const records = await readRecords(room, topic, offset, Math.min(end, offset + PAGE), PAGE_BYTES)
    const last = records.at(-1)
    if (last === undefined) return
    yield records
    offset = last.offset + 1
  }
}

function toText(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')
}
