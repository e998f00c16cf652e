// The table of a namespace, what is said to it, and what its rows mean.
//
//   partition text, sort text            the key: a partition lies on one set of replicas, in the order of `sort`
//   value blob, expires_ms double        what putMany wrote; 0: never. What deleteMany deleted is an empty value that had expired before all time, -1
//   written_us double                    the timestamp of that write, as a value, because conditions cannot ask for timestamps
//   agreed blob                          what putIf wrote, by Paxos
//   agreed_over_us double                the write that it replaced: `agreed` is the value as long as written_us is still this (0: none)
//   agreed_by frozen<list<uuid>>         the last putIfs that were applied, newest first
//
// Numbers are doubles, whole and below 2^53: JavaScript's own, while the library makes an object of every bigint.
//
// Plain writes carry timestamps of this machine, Paxos gives those of the servers, and Cassandra keeps the larger: in cells of both, a putIf would be lost beneath a
// write of a clock that runs ahead, or hide the write that comes after it. So each has cells of its own, neither ever writes or deletes the other's, and which of the
// two counts is told by `agreed_over_us`. That is also why a deletion is a write, and the end of life that Cassandra itself gives is that of `value` alone: if
// `written_us` went too, what putIf wrote before could come back. What is left, some fifty bytes, goes with `removeExpired`.
import { createHash } from 'node:crypto'
import type { types } from 'cassandra-driver'

export type Table = ReturnType<typeof describeTable>

export type StoredRow = {
  value: Buffer | null
  expiresMs: number
  /** Undefined: no plain write is there. */
  writtenUs: number | undefined
  agreed: Buffer | null
  agreedOverUs: number | undefined
}

/** As `system_schema.columns` tells them. */
export const COLUMNS: Readonly<Record<string, string>> = {
  partition: 'text partition_key none',
  sort: 'text clustering asc',
  value: 'blob regular none',
  expires_ms: 'double regular none',
  written_us: 'double regular none',
  agreed: 'blob regular none',
  agreed_over_us: 'double regular none',
  agreed_by: 'frozen<list<uuid>> regular none',
}

export const NEVER = 0
export const DELETED = -1

/** `namespace` as `openKeyValue` lets it be: it has no "_". */
export function describeTable(keyspace: string, namespace: string) {
  const name = namespace === '' ? 'kv' : `kv_${namespace.replaceAll('-', '_')}`
  const table = `${keyspace}.${name}`
  const row = 'partition = ? AND sort = ?'
  const read = 'value, expires_ms, written_us, agreed, agreed_over_us'
  return {
    keyspace,
    name,
    /** With an id that follows from the name: of two who create it at once on different nodes, neither makes a second table behind the same name (CASSANDRA-9424). */
    create: `CREATE TABLE IF NOT EXISTS ${table} (partition text, sort text, value blob, expires_ms double, written_us double, agreed blob, agreed_over_us double, agreed_by frozen<list<uuid>>, PRIMARY KEY (partition, sort)) WITH id = ${toTableId(table)}`,
    put: `UPDATE ${table} SET value = ?, expires_ms = ?, written_us = ? WHERE ${row}`,
    /** `put` in two, in one batch: the value with Cassandra's own end of life, in seconds, and the rest without. */
    putValueExpiring: `UPDATE ${table} USING TTL ? SET value = ? WHERE ${row}`,
    putMarks: `UPDATE ${table} SET expires_ms = ?, written_us = ? WHERE ${row}`,
    get: `SELECT ${read} FROM ${table} WHERE ${row}`,
    getMany: `SELECT sort, ${read} FROM ${table} WHERE partition = ? AND sort IN ?`,
    scan: `SELECT sort, ${read} FROM ${table} WHERE partition = ? AND sort >= ? AND sort < ?`,
    scanReverse: `SELECT sort, ${read} FROM ${table} WHERE partition = ? AND sort >= ? AND sort < ? ORDER BY sort DESC`,
    readAgreed: `SELECT ${read}, agreed_by FROM ${table} WHERE ${row}`,
    agree: `UPDATE ${table} SET agreed = ?, agreed_over_us = ?, agreed_by = ? WHERE ${row} IF written_us = ? AND agreed_by = ?`,
    pin: `UPDATE ${table} SET written_us = ? WHERE ${row}`,
    sweep: `SELECT partition, sort, expires_ms, written_us, agreed_over_us, agreed_by FROM ${table}`,
    sweepWritten: `DELETE value, expires_ms, written_us FROM ${table} WHERE ${row}`,
    sweepAgreed: `DELETE agreed, agreed_over_us, agreed_by FROM ${table} WHERE ${row} IF written_us = ? AND agreed_by = ?`,
    probe: `SELECT sort FROM ${table} WHERE partition = '\u0001' LIMIT 1`,
  }
}

export function toStoredRow(row: types.Row): StoredRow {
  return {
    value: row['value'] as Buffer | null,
    expiresMs: (row['expires_ms'] as number | null) ?? NEVER,
    writtenUs: (row['written_us'] as number | null) ?? undefined,
    agreed: row['agreed'] as Buffer | null,
    agreedOverUs: (row['agreed_over_us'] as number | null) ?? undefined,
  }
}

/** As `findValue`, without an object between where nothing was ever agreed: that is nearly every row. */
export function findValueOfRow(row: types.Row, nowMs: number): Buffer | undefined {
  if (row['agreed_over_us'] !== null) return findValue(toStoredRow(row), nowMs)
  const expiresMs = row['expires_ms'] as number | null
  return row['value'] === null || (expiresMs !== null && expiresMs !== NEVER && expiresMs <= nowMs) ? undefined : (row['value'] as Buffer)
}

/** Undefined when there is none, or it has expired by `nowMs`. */
export function findValue(row: StoredRow, nowMs: number): Buffer | undefined {
  if (isAgreed(row)) return row.agreed ?? undefined
  return row.value === null || isExpired(row, nowMs) ? undefined : row.value
}

/** What putIf wrote last is the value: nothing was written or deleted since. */
export function isAgreed({ agreedOverUs, writtenUs = 0 }: Pick<StoredRow, 'agreedOverUs' | 'writtenUs'>): boolean {
  return agreedOverUs === writtenUs
}

export function isExpired({ expiresMs }: Pick<StoredRow, 'expiresMs'>, nowMs: number): boolean {
  return expiresMs !== NEVER && expiresMs <= nowMs
}

/** A UUID of version 5 in form (RFC 9562). */
function toTableId(table: string): string {
  const hash = createHash('sha1').update(`rondo key-value ${table}`).digest()
  hash.writeUInt8(((hash[6] ?? 0) & 0x0f) | 0x50, 6)
  hash.writeUInt8(((hash[8] ?? 0) & 0x3f) | 0x80, 8)
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
