// The compiled scanner and its memory: plans of the types, the request, and a row for each event read. The layout is in kernel/plain-scan.as.
import { createBufferPool } from '@rondo/files'
import { loadKernel } from '@rondo/wasm'
import type { EventType } from '../domain/event-type.ts'
import type { FlatField } from '../domain/flat-schema.ts'
import type { PlainBatch, PlainGroup } from '../domain/plain-batch.ts'
import type { PlainRuns } from '../domain/plain-runs.ts'
import type { ScannedEvent } from '../domain/scanned-event.ts'

/** Members of a Segment message and of a batch of them, as segment-scan.as counts them. Behind `context` stand those that nobody reads. */
const MESSAGE = ['messageId', 'type', 'event', 'timestamp', 'sentAt', 'userId', 'anonymousId', 'properties', 'context', 'integrations', '_metadata', 'channel', 'originalTimestamp', 'traits']
const BATCH = ['batch', 'sentAt', 'writeKey']
const ENVELOPE = ['id', 'type', 'version', 'occurredAt', 'sentAt', 'userId', 'anonymousId', 'properties', 'context']
const ROW_BYTES = 80
const MAX_ROWS = 1024
const PAGE_BYTES = 65_536
const MAX_PAGES = 2048
/** The kernel reads 16 bytes at once, also across the end. */
const SPARE_BYTES = 64
const KEY_STACK_BYTES = 32 * 256
const FIRST_BYTE = 1024
/** For requests that are to come. */
const IDLE_COPY_BYTES = 8 * 1024 * 1024
const KINDS = { string: 0, integer: 1, number: 2, boolean: 3 }
const UNCHECKED = 2
const CORRECTED = 1
const HAS_CONTEXT = 4

const SOURCE = {
  name: 'plain-scan',
  folder: new URL('../../kernel/', import.meta.url),
  entry: 'plain-scan.as',
  flags: `-O3 --converge --runtime stub --noAssert --importMemory --initialMemory 4 --maximumMemory ${MAX_PAGES} --enable simd`,
}
/** The fixed parts of an answer, and of a line made of a Segment message, as the kernel wants them: 32 bytes apart. */
const TEXTS = [',{"id":"', '","status":"accepted"}', '","status":"duplicate"}', '{"results":[', '{"id":"', '","type":"', '","occurredAt":', ',"userId":"', ',"anonymousId":"', ',"properties":', ',"context":']
const TEXT_BYTES = 32
/** The longest id between the longest texts; of one event, beside the texts around all. */
const ANSWER_EVENT_BYTES = 8 + 64 + 23
/** Of rows with contexts: values, their seals in base64, and the contexts; and of each the fixed part of its seal, its key and its sizes. */
const SEALED_GROWTH = 3.4
const SEALED_EVENT_BYTES = 400

type Exports = {
  configure(input: number, out: number, table: number, slots: number, envelope: number, keyStack: number, texts: number): void
  whole(size: number, lines: number, nowMs: number, maxRows: number): number
  configureSegment(message: number, batch: number): void
  segment(size: number, nowMs: number, maxRows: number, maxMessageBytes: number, linesAt: number, room: number): number
  linesSize(): number
  keyStart(): number
  keyStop(): number
  pack(rows: number, type: number, marks: number, at: number): number
  packedKeyBytes(): number
  packedValueBytes(): number
  hasContexts(): number
  packSealed(rows: number, type: number, marks: number, at: number): number
  sealedKeyBytes(): number
  sealedValueBytes(): number
  sealedContextBytes(): number
  answer(rows: number, marks: number, at: number): number
  run(at: number, size: number, lines: number, nowMs: number, maxRows: number): number
  position(): number
  isSeparated(): number
}

/** Throws `KERNEL_NOT_COMPILED`. */
export async function openScanKernel(): Promise<PlainRuns> {
  const module = await loadKernel(SOURCE)
  const memory = new WebAssembly.Memory({ initial: 4, maximum: MAX_PAGES })
  const kernel = (await WebAssembly.instantiate(module, { env: { memory } })).exports as Exports
  const copies = createBufferPool(IDLE_COPY_BYTES)
  let types: EventType[] = []
  let outAt = 0
  let inputAt = 0
  let size = 0
  let views = createViews(memory)

  function reserve(bytes: number): void {
    const missing = bytes - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
    if (views.bytes.buffer !== memory.buffer) views = createViews(memory)
  }

  /** Of `sizeBytes` in all, which lie before `behind`. There: a mark an event, then the copies that go out. */
  function createBatch(rows: number, sizeBytes: number, behind: number, answers: boolean): PlainBatch {
    const marksAt = align(behind + SPARE_BYTES)
    const packAt = marksAt + MAX_ROWS
    const hasContexts = kernel.hasContexts() !== 0
    reserve(packAt + Math.max(hasContexts ? Math.ceil(sizeBytes * SEALED_GROWTH) + rows * SEALED_EVENT_BYTES : 2 * sizeBytes + rows * 16, rows * ANSWER_EVENT_BYTES + TEXT_BYTES) + SPARE_BYTES)
    return {
      count: rows,
      settle(recent) {
        const { bytes, words } = views
        bytes.fill(0, marksAt, marksAt + rows)
        const known = recent.addAll(words, (outAt >> 2) + 10, ROW_BYTES >> 2, rows, bytes, marksAt)
        // A text, not bytes of its own: memory outside the heap, made anew for every request, costs the collector of garbage more than the rest of the answer.
        const answer = !answers ? '' : Buffer.from(bytes.buffer, packAt, kernel.answer(rows, marksAt, packAt)).toString()
        const groups: PlainGroup[] = []
        const duplicates = known === 0 ? undefined : new Map<string, number>()
        const seen = new Set<number>()
        let lastType = -1
        for (let i = 0; i < rows; i += 1) {
          const index = words[((outAt + i * ROW_BYTES) >> 2) + 6] as number
          if (duplicates !== undefined && bytes[marksAt + i] !== 0) {
            const { name } = types[index] as EventType
            duplicates.set(name, (duplicates.get(name) ?? 0) + 1)
          }
          if (index === lastType || seen.has(index)) continue
          lastType = index
          seen.add(index)
          const type = types[index] as EventType
          // Where properties are sealed too, the context stays in its place until they are.
          const isCut = hasContexts && !type.personal.holds
          const count = isCut ? kernel.packSealed(rows, index, marksAt, packAt) : kernel.pack(rows, index, marksAt, packAt)
          if (count > 0) groups.push(copyGroup(type, count, packAt, isCut))
        }
        return { groups, duplicates, answer }
      },
    }
  }

  function copyGroup(type: EventType, count: number, at: number, isCut: boolean): PlainGroup {
    const keysAt = count * (isCut ? 20 : 16)
    const valuesAt = keysAt + (isCut ? kernel.sealedKeyBytes() : kernel.packedKeyBytes())
    const contextsAt = valuesAt + (isCut ? kernel.sealedValueBytes() : kernel.packedValueBytes())
    const stop = isCut ? contextsAt + kernel.sealedContextBytes() : contextsAt
    const copy = copies.take(stop)
    copy.set(views.bytes.subarray(at, at + stop))
    const { buffer } = copy
    return {
      type,
      release: () => copies.give(copy),
      prints: new Uint32Array(buffer, count * 8, count * 2),
      records: { keyBytes: new Uint32Array(buffer, 0, count), valueBytes: new Uint32Array(buffer, count * 4, count), keys: copy.subarray(keysAt, valuesAt), values: copy.subarray(valuesAt, contextsAt) },
      contexts: stop === contextsAt ? undefined : { sizes: new Uint32Array(buffer, count * 16, count), texts: copy.subarray(contextsAt, stop) },
    }
  }

  return {
    whole(lines, receivedAtMs) {
      const rows = kernel.whole(size, lines ? 1 : 0, receivedAtMs, MAX_ROWS)
      return rows < 0 ? undefined : createBatch(rows, size, inputAt + size, true)
    },
    segment(receivedAtMs, maxMessageBytes) {
      const linesAt = align(inputAt + size + SPARE_BYTES)
      // Kernel's own bound: a line is seldom longer than its message.
      const room = 2 * size + SPARE_BYTES
      reserve(linesAt + room + SPARE_BYTES)
      const rows = kernel.segment(size, receivedAtMs, MAX_ROWS, maxMessageBytes, linesAt, room)
      if (rows < 0) return undefined
      const linesBytes = kernel.linesSize()
      const key = Buffer.from(views.bytes.buffer, inputAt + kernel.keyStart(), kernel.keyStop() - kernel.keyStart()).toString()
      return { ...createBatch(rows, linesBytes, linesAt + linesBytes, false), writeKey: key === '' ? undefined : key }
    },
    setTypes(given) {
      types = given
      const plan = layOut(types)
      outAt = align(FIRST_BYTE + plan.bytes.length + KEY_STACK_BYTES)
      inputAt = outAt + MAX_ROWS * ROW_BYTES
      reserve(inputAt + SPARE_BYTES)
      views.bytes.set(plan.bytes, FIRST_BYTE)
      kernel.configure(inputAt, outAt, plan.tableAt, plan.slots, plan.envelopeAt, FIRST_BYTE + plan.bytes.length, plan.textsAt)
      kernel.configureSegment(plan.messageAt, plan.batchAt)
    },
    load(bytes) {
      size = bytes.length
      reserve(inputAt + size + SPARE_BYTES)
      views.bytes.set(bytes, inputAt)
    },
    run(at, lines, receivedAtMs, into, unchecked) {
      for (let from = at; ; ) {
        const rows = kernel.run(from, size, lines ? 1 : 0, receivedAtMs, MAX_ROWS)
        for (let i = 0; i < rows; i += 1) {
          const row = outAt + i * ROW_BYTES
          into.push(readRow(views, row, types))
          if (((views.words[(row >> 2) + 7] as number) & UNCHECKED) !== 0) {
            unchecked.push({ index: into.length - 1, propertiesStart: views.words[(row >> 2) + 12] as number, propertiesStop: views.words[(row >> 2) + 13] as number })
          }
        }
        from = kernel.position()
        if (rows < MAX_ROWS) return { position: from, separated: kernel.isSeparated() !== 0 }
        if (kernel.isSeparated() === 0) return { position: from, separated: false }
      }
    },
  }
}

type Views = { bytes: Uint8Array; words: Int32Array; doubles: Float64Array }

function createViews({ buffer }: WebAssembly.Memory): Views {
  return { bytes: new Uint8Array(buffer), words: new Int32Array(buffer), doubles: new Float64Array(buffer) }
}

function readRow({ words, doubles }: Views, row: number, types: EventType[]): ScannedEvent {
  const at = row >> 2
  return {
    start: words[at] as number,
    stop: words[at + 1] as number,
    idStart: words[at + 2] as number,
    idStop: words[at + 3] as number,
    id: undefined,
    keyStart: words[at + 4] as number,
    keyStop: words[at + 5] as number,
    type: types[words[at + 6] as number],
    occurredAtMs: doubles[(row >> 3) + 4] as number,
    corrected: ((words[at + 7] as number) & CORRECTED) !== 0,
    hasContext: ((words[at + 7] as number) & HAS_CONTEXT) !== 0,
    low: words[at + 10] as number,
    high: words[at + 11] as number,
    death: undefined,
  }
}

type Plan = { bytes: Uint8Array; tableAt: number; slots: number; envelopeAt: number; messageAt: number; batchAt: number; textsAt: number }

/** Everything the kernel knows of the types, at `FIRST_BYTE` on. */
function layOut(types: EventType[]): Plan {
  let bytes = new Uint8Array(16_384)
  let view = new DataView(bytes.buffer)
  let used = 0
  /** Address of so many zeroed bytes, a multiple of 8; the spare ones let the kernel read in words across the end of a text. */
  const take = (size: number): number => {
    const at = used
    used = align(used + size + 8)
    if (used > bytes.length) {
      const larger = new Uint8Array(Math.max(used, bytes.length * 2))
      larger.set(bytes)
      bytes = larger
      view = new DataView(bytes.buffer)
    }
    return FIRST_BYTE + at
  }
  const word = (at: number, value: number): void => view.setInt32(at - FIRST_BYTE, value, true)
  const double = (at: number, value: number): void => view.setFloat64(at - FIRST_BYTE, value, true)
  const text = (token: Uint8Array): number => {
    const at = take(token.length)
    bytes.set(token, at - FIRST_BYTE)
    return at
  }
  const fieldsAt = (at: number, tokens: Uint8Array[], required: number, fields: FlatField[]): void => {
    word(at, tokens.length)
    word(at + 4, required)
    for (const [i, token] of tokens.entries()) {
      const field = at + 12 + i * 40
      const { kind = 'string', minimum = 0, maximum = 0, oneOf = [] } = fields[i] ?? {}
      const values = take(oneOf.length * 8)
      word(field, text(token))
      word(field + 4, token.length)
      word(field + 8, KINDS[kind])
      word(field + 12, oneOf.length)
      double(field + 16, minimum)
      double(field + 24, maximum)
      word(field + 32, values)
      for (const [j, value] of oneOf.entries()) {
        word(values + j * 8, text(value))
        word(values + j * 8 + 4, value.length)
      }
    }
  }
  const [envelopeAt = 0, messageAt = 0, batchAt = 0] = [ENVELOPE, MESSAGE, BATCH].map((names) => {
    const at = take(12 + names.length * 40)
    fieldsAt(at, names.map((name) => Buffer.from(`"${name}":`)), 0, [])
    return at
  })
  const slots = 2 ** Math.ceil(Math.log2(Math.max(64, types.length * 2)))
  const tableAt = take(slots * 4)
  for (const [index, type] of types.entries()) {
    const { flat } = type.current
    const at = take(28 + 12 + (flat?.fields.length ?? 0) * 40)
    word(at, text(type.nameBytes))
    word(at + 4, type.nameBytes.length)
    word(at + 8, text(type.currentVersionBytes))
    word(at + 12, type.currentVersionBytes.length)
    word(at + 16, type.seed | 0)
    word(at + 20, index)
    word(at + 24, flat === undefined ? 0 : 1)
    if (flat !== undefined) fieldsAt(at + 28, flat.tokens, flat.required, flat.fields)
    let slot = type.seed & (slots - 1)
    while (view.getInt32(tableAt - FIRST_BYTE + slot * 4, true) !== 0) slot = (slot + 1) & (slots - 1)
    word(tableAt + slot * 4, at)
  }
  const textsAt = take(TEXTS.length * TEXT_BYTES)
  for (const [i, part] of TEXTS.entries()) bytes.set(Buffer.from(part), textsAt - FIRST_BYTE + i * TEXT_BYTES)
  return { bytes: bytes.subarray(0, used), tableAt, slots, envelopeAt, messageAt, batchAt, textsAt }
}

function align(at: number): number {
  return Math.ceil(at / 8) * 8
}
