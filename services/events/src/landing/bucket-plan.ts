// What the kernel knows of a type's columns, and where in its memory it leaves the cells of a part. The layout is in kernel/bucket-scan.as.
import type { BucketColumn } from '../domain/bucket-columns.ts'

/** In this order. */
const ENVELOPE = ['id', 'type', 'version', 'occurredAt', 'sentAt', 'userId', 'anonymousId', 'properties', 'context', 'sealed']
const ENVELOPE_OUT = new Set(['id', 'occurredAt', 'userId', 'anonymousId'])
const KINDS = { string: 0, integer: 1, number: 2, boolean: 3, json: 4, timestamp: 4 } as const
const [HEAD_BYTES, FIELD_BYTES, LATE_BYTES, CELL_BYTES] = [12, 40, 16, 8]
const FIRST_BYTE = 1024
/** The kernel reads 16 bytes at once, also across the end. */
const SPARE_BYTES = 64
const PAGE_BYTES = 65_536

/** Addresses. `outAt`: of the cells of a part, 0 when there are none. */
export type PlannedField = { name: string; at: number; outAt: number }
export type BucketPlan = { envelopeAt: number; fieldsAt: number; envelope: PlannedField[]; fields: PlannedField[]; latesAt: number; endsAt: number; partAt: number; heapAt: number }

/** `columns`: those of properties. */
export function layOutPlan(memory: WebAssembly.Memory, columns: BucketColumn[], partRows: number, partBytes: number): BucketPlan {
  let end = FIRST_BYTE
  /** Address of so many bytes, a multiple of 16. */
  const take = (sizeBytes: number): number => {
    const at = end
    end = Math.ceil((end + sizeBytes + 8) / 16) * 16
    return at
  }
  const placeList = (fields: { name: string; kind: number; hasOut: boolean }[]): { at: number; fields: (PlannedField & { kind: number; token: Buffer; tokenAt: number })[] } => {
    const at = take(HEAD_BYTES + fields.length * FIELD_BYTES)
    return {
      at,
      fields: fields.map(({ name, kind, hasOut }, i) => {
        const token = Buffer.from(`${JSON.stringify(name)}:`)
        return { name, kind, token, at: at + HEAD_BYTES + i * FIELD_BYTES, tokenAt: take(token.byteLength), outAt: hasOut ? take(partRows * CELL_BYTES) : 0 }
      }),
    }
  }
  const envelope = placeList(ENVELOPE.map((name) => ({ name, kind: KINDS.string, hasOut: ENVELOPE_OUT.has(name) })))
  const fields = placeList(columns.map(({ name, property, type }) => ({ name: property ?? name, kind: KINDS[type], hasOut: KINDS[type] !== KINDS.json })))
  const latesAt = take(partRows * (columns.length + 4) * LATE_BYTES)
  const endsAt = take(partRows * 4)
  const partAt = take(partBytes + SPARE_BYTES)
  const missing = end + SPARE_BYTES - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
  const bytes = new Uint8Array(memory.buffer)
  const view = new DataView(memory.buffer)
  for (const list of [envelope, fields]) {
    bytes.fill(0, list.at, list.at + HEAD_BYTES + list.fields.length * FIELD_BYTES)
    view.setInt32(list.at, list.fields.length, true)
    for (const { at, token, tokenAt, kind, outAt } of list.fields) {
      bytes.set(token, tokenAt)
      for (const [i, word] of [tokenAt, token.byteLength, kind, outAt].entries()) view.setInt32(at + i * 4, word, true)
    }
  }
  return { envelopeAt: envelope.at, fieldsAt: fields.at, envelope: envelope.fields, fields: fields.fields, latesAt, endsAt, partAt, heapAt: end }
}
