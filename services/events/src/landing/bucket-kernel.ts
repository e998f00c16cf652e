// The compiled reader of events that land: from the JSON of the log to cells by column. The layout of its memory is in kernel/bucket-scan.as.
import { loadKernel } from '@rondo/wasm'
import type { BucketColumn } from '../domain/bucket-columns.ts'
import type { FlagCells, NumberCells, TextCells } from '../parquet/cells.ts'
import { toIdentity } from '../parquet/write-parquet.ts'
import { layOutPlan, type BucketPlan } from './bucket-plan.ts'
import type { PackedEvents } from './packed-events.ts'

/** 1 GiB: the dictionaries of a landing are smaller than the landing. */
const MAX_PAGES = 16_384
/** Memory never shrinks: after a landing that took so much, the next one begins anew. */
const KEPT_BYTES = 64 * 1024 * 1024
/** Read at a time: so many rows, and so many bytes unless one event alone is larger. */
const PART_ROWS = 1024
const PART_BYTES = 512 * 1024
/** Of fields that are no column, below 0 in the kernel. */
const OTHER_FIELDS = ['occurredAt', 'context', 'sealed', 'unnamed'] as const

const SOURCE = {
  name: 'bucket-scan',
  folder: new URL('../../kernel/', import.meta.url),
  entry: 'bucket-scan.as',
  flags: `-O3 --converge --runtime stub --noAssert --importMemory --initialMemory 4 --maximumMemory ${MAX_PAGES} --enable simd`,
}

type Exports = {
  configure(envelope: number, fields: number, lates: number, takesUnnamed: number, heap: number): void
  read(part: number, ends: number, rows: number): number
  lateCells(): number
  lowestId(): number
  highestId(): number
}

/** A cell that is left to the caller: JSON at [from, to) of the values. `field`: the place of its column, or what of the event it is; `unnamed` are all properties. */
export type LateCell = { field: number | (typeof OTHER_FIELDS)[number]; row: number; from: number; to: number }

/** Events by column, in their order. Texts are views of the kernel's memory until it reads again. Cells of `lates` are empty. */
export type ReadEvents = {
  ids: TextCells
  userIds: TextCells
  anonymousIds: TextCells
  /** Epoch ms; NaN: it says none. */
  occurredMs: Float64Array
  /** By the place of the column; undefined for JSON, whose cells are all late. */
  properties: (TextCells | NumberCells | FlagCells | undefined)[]
  lates: LateCell[]
  minId: string
  maxId: string
}

export type BucketKernel = {
  /** `columns`: those of properties. Undefined when one of the events has to be read with care. */
  read(columns: BucketColumn[], takesUnnamed: boolean, events: PackedEvents): ReadEvents | undefined
}

/** Throws `KERNEL_NOT_COMPILED`. */
export async function openBucketKernel(): Promise<BucketKernel> {
  const module = await loadKernel(SOURCE)
  const begin = (): { memory: WebAssembly.Memory; kernel: Exports } => {
    const memory = new WebAssembly.Memory({ initial: 4, maximum: MAX_PAGES })
    return { memory, kernel: new WebAssembly.Instance(module, { env: { memory } }).exports as Exports }
  }
  let { memory, kernel } = begin()
  const isOutOfMemory = (thrown: unknown): boolean => thrown instanceof RangeError || thrown instanceof WebAssembly.RuntimeError
  return {
    read(columns, takesUnnamed, events) {
      try {
        return readAll(columns, takesUnnamed, events)
      } catch (thrown) {
        if (!isOutOfMemory(thrown)) throw thrown
        // The careful path may have room: it has no memory of a fixed most.
        ;({ memory, kernel } = begin())
        return undefined
      }
    },
  }

  function readAll(columns: BucketColumn[], takesUnnamed: boolean, events: PackedEvents): ReadEvents | undefined {
    if (memory.buffer.byteLength > KEPT_BYTES) ({ memory, kernel } = begin())
    const parts = cutParts(events)
    const plan = layOutPlan(memory, columns, PART_ROWS, Math.max(...parts.map(({ from, to }) => to - from)))
    kernel.configure(plan.envelopeAt, plan.fieldsAt, plan.latesAt, takesUnnamed ? 1 : 0, plan.heapAt)
    const sink = createSink(plan, columns, events.ends.length)
    for (const part of parts) {
      new Uint8Array(memory.buffer).set(events.values.subarray(part.from, part.to), plan.partAt)
      const ends = new Uint32Array(memory.buffer, plan.endsAt, part.rows)
      for (let i = 0; i < part.rows; i += 1) ends[i] = (events.ends[part.firstRow + i] as number) - part.from
      if (kernel.read(plan.partAt, plan.endsAt, part.rows) === 0) return undefined
      sink.take(memory.buffer, part, kernel.lateCells())
    }
    return { ...sink.finish(memory.buffer, events), minId: readId(memory.buffer, kernel.lowestId()), maxId: readId(memory.buffer, kernel.highestId()) }
  }
}

type Part = { firstRow: number; rows: number; from: number; to: number }

function cutParts({ ends }: PackedEvents): Part[] {
  const parts: Part[] = []
  let part: Part = { firstRow: 0, rows: 0, from: 0, to: 0 }
  for (const [row, end] of ends.entries()) {
    if (part.rows === PART_ROWS || (part.rows > 0 && end - part.from > PART_BYTES)) {
      parts.push(part)
      part = { firstRow: row, rows: 0, from: part.to, to: part.to }
    }
    part.rows += 1
    part.to = end
  }
  parts.push(part)
  return parts
}

type Sink = { take(memory: ArrayBuffer, part: Part, lateCells: number): void; finish(memory: ArrayBuffer, events: PackedEvents): Omit<ReadEvents, 'minId' | 'maxId'> }

/** The cells of all parts, one after the other. */
function createSink(plan: BucketPlan, columns: BucketColumn[], rows: number): Sink {
  const ids = { starts: new Int32Array(rows), sizes: new Int32Array(rows) }
  const lates: LateCell[] = []
  const byName = new Map(plan.envelope.map((field) => [field.name, field]))
  const toStore = (outAt: number, isNumber: boolean): { outAt: number; all: Int32Array | Float64Array } => ({ outAt, all: isNumber ? new Float64Array(rows) : new Int32Array(rows) })
  const occurred = toStore(byName.get('occurredAt')?.outAt ?? 0, true)
  const users = ['userId', 'anonymousId'].map((name) => toStore(byName.get(name)?.outAt ?? 0, false))
  const properties = columns.map(({ type }, i) => toStore(plan.fields[i]?.outAt ?? 0, type === 'integer' || type === 'number'))
  const idsAt = byName.get('id')?.outAt ?? 0
  return {
    take(memory, part, lateCells) {
      for (const { outAt, all } of [occurred, ...users, ...properties]) {
        if (outAt === 0) continue
        all.set(all instanceof Float64Array ? new Float64Array(memory, outAt, part.rows) : new Int32Array(memory, outAt, part.rows), part.firstRow)
      }
      const places = new Int32Array(memory, idsAt, part.rows * 2)
      for (let i = 0; i < part.rows; i += 1) {
        const start = places[i * 2] as number
        ids.starts[part.firstRow + i] = part.from + start
        ids.sizes[part.firstRow + i] = (places[i * 2 + 1] as number) - start
      }
      const words = new Int32Array(memory, plan.latesAt, lateCells * 4)
      for (let at = 0; at < words.length; at += 4) {
        const field = words[at] as number
        lates.push({ field: field < 0 ? (OTHER_FIELDS[-1 - field] as (typeof OTHER_FIELDS)[number]) : field, row: part.firstRow + (words[at + 1] as number), from: part.from + (words[at + 2] as number), to: part.from + (words[at + 3] as number) })
      }
    },
    finish(memory, events) {
      const toTexts = (codes: Int32Array, fieldAt: number): TextCells => ({ kind: 'texts', codes, bytes: new Uint8Array(memory), ...readEntries(memory, fieldAt) })
      return {
        ids: { kind: 'texts', codes: toIdentity(rows), bytes: events.values, ...ids },
        userIds: toTexts(users[0]?.all as Int32Array, byName.get('userId')?.at ?? 0),
        anonymousIds: toTexts(users[1]?.all as Int32Array, byName.get('anonymousId')?.at ?? 0),
        occurredMs: occurred.all as Float64Array,
        properties: columns.map(({ type }, i) => {
          const all = properties[i]?.all
          if (type === 'string') return toTexts(all as Int32Array, plan.fields[i]?.at ?? 0)
          if (type === 'boolean') return { kind: 'flags', values: all as Int32Array }
          return all instanceof Float64Array ? { kind: 'numbers', values: all } : undefined
        }),
        lates,
      }
    },
  }
}

/** Of the dictionary of a field. */
function readEntries(memory: ArrayBuffer, fieldAt: number): { starts: Int32Array; sizes: Int32Array } {
  const [, , entriesAt = 0, , count = 0] = new Int32Array(memory, fieldAt + 16, 5)
  const words = new Int32Array(memory, entriesAt, count * 4)
  const starts = new Int32Array(count)
  const sizes = new Int32Array(count)
  for (let i = 0; i < count; i += 1) {
    starts[i] = words[i * 4] as number
    sizes[i] = words[i * 4 + 1] as number
  }
  return { starts, sizes }
}

/** size i32 | bytes */
function readId(memory: ArrayBuffer, at: number): string {
  return Buffer.from(memory, at + 4, new DataView(memory).getInt32(at, true)).toString()
}
