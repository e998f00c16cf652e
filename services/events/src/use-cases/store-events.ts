// Makes the events of one request durable: deduplicated, appended to the topic of their type, dead ones to its dead letter.
//
// An answer is given only for what is durable. A duplicate of an event that another request is still storing waits for that
// request. What could not be stored is forgotten by the deduplication, so that the sender's next try is taken.
import { isAscii } from 'node:buffer'
import type { LogRecord } from '@rondo/event-log'
import { AppError } from '@rondo/errors'
import { startOfHour } from '@rondo/time'
import { DEAD, DUPLICATE, writeResults } from '../collector/write-results.ts'
import { expandColumns } from '../columns/expand-columns.ts'
import { createRequestText, type RequestText } from '../domain/request-text.ts'
import type { PackedRecords, PlainBatch, PlainGroup, PlainRecords } from '../domain/plain-batch.ts'
import type { ScannedEvent } from '../domain/scanned-event.ts'
import { errors } from '../errors.ts'
import { HOUSE, receiveTime, type DeadFlow, type Flow, type InFlight, type Room } from '../room.ts'
import { RECEIPTS_TOPIC, eventsTopic } from '../topics.ts'
import { sealContexts } from '../erasure/seal-contexts.ts'
import { sealEvents } from '../erasure/seal-events.ts'
import { appendDead } from './append-dead.ts'

/** `outcomes`: ACCEPTED, DUPLICATE or DEAD of each event; `answer`: the results as JSON. */
export type Stored = { outcomes: Uint8Array; answer: string }

/** `prints`: (low, high) of each record's id, to be forgotten when it cannot be stored. */
type Group = { flow: Flow; records: LogRecord[] | PlainRecords | PackedRecords; prints: ArrayLike<number>; /** Some event has a context. */ hasContext: boolean; contexts?: PlainGroup['contexts'] }
type OpenGroup = Group & { records: LogRecord[]; prints: number[] }
type DeadGroup = { flow: DeadFlow; type: string; records: LogRecord[] }

/** `via`: the dialect the events came in, kept as a header. Throws what the log throws; then nothing that was lost is remembered. */
export async function storeEvents(room: Room, bytes: Buffer, events: ScannedEvent[], receivedAtMs: number, via?: string): Promise<Stored> {
  const text = createRequestText(bytes, isAscii(bytes))
  const outcomes = new Uint8Array(events.length)
  const groups = new Map<Flow, OpenGroup>()
  const dead = new Map<DeadFlow, DeadGroup>()
  // Without a prototype: a type may be called "constructor".
  const tallies = Object.create(null) as Tallies
  let hasTally = false
  let hasDuplicate = false
  let group: OpenGroup | undefined
  room.recent.advance(receivedAtMs)
  room.recent.warm(events)
  for (let i = 0; i < events.length; i += 1) {
    const event = events[i] as ScannedEvent
    if (event.death !== undefined || event.type === undefined) {
      outcomes[i] = DEAD
      addDead(room, dead, bytes, event)
    } else if (!room.recent.add(event.low, event.high)) {
      outcomes[i] = DUPLICATE
      hasDuplicate = true
    } else {
      if (group === undefined || group.flow.type !== event.type) group = getGroup(room, groups, event.type.name)
      group.records.push(toRecord(bytes, text, event, via))
      group.prints.push(event.low, event.high)
      group.hasContext ||= event.hasContext
      if (event.unknown !== undefined && via === undefined) room.unknownFields.note(event.type.name, event.unknown, receivedAtMs)
      continue
    }
    hasTally = true
    const name = event.type?.name ?? 'unknown'
    const tally = (tallies[name] ??= [0, 0])
    tally[outcomes[i] === DEAD ? 1 : 0] += 1
  }
  // Written now, so that nothing of the scan lives on while the disk works; sent only when everything is durable.
  const answer = writeResults(text, events, outcomes)
  await settle(room, { groups: [...groups.values()], dead: [...dead.values()], tallies: hasTally ? tallies : undefined, hasDuplicate, receivedAtMs })
  return { outcomes, answer }
}

/** The same for a request that is plain as a whole, at once after it was scanned; gives the answer. */
export async function storePlain(room: Room, batch: PlainBatch<PlainRecords | PackedRecords>, receivedAtMs: number): Promise<string> {
  room.recent.advance(receivedAtMs)
  const { groups, duplicates, answer } = batch.settle(room.recent)
  const tallies: Tallies | undefined = duplicates && Object.fromEntries(Array.from(duplicates, ([name, count]) => [name, [count, 0]]))
  const work: Work = {
    groups: groups.map(({ type, records, prints, contexts }) => ({ flow: room.flows.get(type.name) as Flow, records, prints, contexts, hasContext: false })),
    dead: [],
    tallies,
    hasDuplicate: duplicates !== undefined,
    receivedAtMs,
  }
  try {
    await settle(room, work)
  } finally {
    for (const group of groups) group.release()
  }
  return answer
}

/** By type: [duplicates, dead]. */
type Tallies = Record<string, [number, number]>

type Work = { groups: Group[]; dead: DeadGroup[]; tallies: Tallies | undefined; hasDuplicate: boolean; receivedAtMs: number }

async function settle(room: Room, work: Work): Promise<void> {
  const done = commit(room, work, work.hasDuplicate ? [...room.inFlight] : [])
  const { receivedAtMs } = work
  const mark: InFlight = { atMs: receivedAtMs, done }
  room.inFlight.add(mark)
  try {
    await done
  } finally {
    room.inFlight.delete(mark)
  }
}

async function commit(room: Room, { groups, dead, tallies, receivedAtMs }: Work, before: InFlight[]): Promise<void> {
  const startedAt = performance.now()
  const settled = await Promise.allSettled([
    ...groups.map((group) => appendGroup(room, group, receivedAtMs)),
    ...dead.map(({ flow, records }) => appendDead(room, flow, records, receivedAtMs)),
  ])
  room.append.calls += 1
  room.append.totalMs += performance.now() - startedAt
  const failed = settled.find((result) => result.status === 'rejected')
  if (failed !== undefined) {
    room.append.failures += 1
    if (failed.reason instanceof AppError && failed.reason.kind === 'storage-full') room.append.full = failed.reason
    throw failed.reason
  }
  room.append.full = undefined
  for (const { done } of before) await done.catch((cause: unknown) => { throw errors.inDoubt({}, cause) })
  if (tallies !== undefined) await appendReceipt(room, tallies, receivedAtMs)
}

async function appendGroup(room: Room, group: Group, receivedAtMs: number): Promise<void> {
  const { flow, prints } = group
  const { name } = flow.type
  const count = prints.length / 2
  try {
    const sealing = sealInTurn(room, group, receivedAtMs)
    const records = sealing instanceof Promise ? await sealing : sealing
    const [appended] = await room.deps.eventLog.append([{ topic: eventsTopic(name), records }], receivedAtMs, HOUSE)
    if (appended === undefined) return
    room.recent.note(name, appended.firstOffset, prints)
    room.slices.note(name, appended.firstOffset, prints)
    flow.firstUnlandedMs = Math.min(flow.firstUnlandedMs, receivedAtMs)
    flow.end = Math.max(flow.end, appended.firstOffset + appended.count)
    flow.lastEventMs = Math.max(flow.lastEventMs, receivedAtMs)
    flow.accepted += count
    room.append.events += count
    room.live.note(name, count, () => ({ type: name, receivedAtMs, record: findLast(records) }))
  } catch (error) {
    for (let i = 0; i < prints.length; i += 2) room.recent.remove(prints[i] as number, prints[i + 1] as number)
    throw error
  }
}

/** Records whose keys have to be fetched or made first hold up those that come behind them, so that all stay in order of receipt. */
function sealInTurn(room: Room, group: Group, receivedAtMs: number): Group['records'] | Promise<Group['records']> {
  const { flow } = group
  const mine = sealGroup(room, group, receivedAtMs)
  if (flow.sealing === undefined && !(mine instanceof Promise)) return mine
  const turn = Promise.allSettled([flow.sealing, mine]).then(() => mine)
  flow.sealing = turn
  const end = (): void => {
    if (flow.sealing === turn) flow.sealing = undefined
  }
  turn.then(end, end)
  return turn
}

function sealGroup({ keys }: Room, { flow: { type }, records, hasContext, contexts }: Group, receivedAtMs: number): Group['records'] | Promise<Group['records']> {
  if (contexts !== undefined && !Array.isArray(records) && !isPacked(records)) {
    const sealing = sealContexts(keys, { type: type.name, records, contexts, receivedAtMs })
    return sealing === undefined ? records : sealing.then(() => records)
  }
  return hasContext || type.personal.holds ? sealEvents(keys, type, isPacked(records) ? expandColumns(records.body, records.count, 0, ALL) : records, receivedAtMs) : records
}

function isPacked(records: Group['records']): records is PackedRecords {
  return 'encoding' in records
}

const ALL = { maxRecords: Infinity, maxBytes: Infinity }

function findLast(records: Group['records']): Pick<LogRecord, 'value' | 'headers'> {
  if (Array.isArray(records)) return records.at(-1) as LogRecord
  if (isPacked(records)) return { value: expandColumns(records.body, records.count, records.count - 1, ALL).values }
  const { values, valueBytes } = records
  return { value: values.subarray(values.length - (valueBytes.at(-1) ?? 0)) }
}

async function appendReceipt(room: Room, tallies: Tallies, receivedAtMs: number): Promise<void> {
  const value = Buffer.from(JSON.stringify({ d: tallies }))
  const [appended] = await room.deps.eventLog.append([{ topic: RECEIPTS_TOPIC, records: [{ key: '', value }] }], receivedAtMs, HOUSE)
  if (appended === undefined) return
  if (room.receipts.folded >= room.receipts.end) room.receipts.firstMs = receivedAtMs
  room.receipts.end = Math.max(room.receipts.end, appended.firstOffset + appended.count)
  addTallies(room, tallies, receivedAtMs, 1)
}

/** Throws what the log says while it has no space. Then nobody may send, so it is tried with a receipt of nothing. */
export async function checkSpace(room: Room): Promise<void> {
  if (room.append.full === undefined) return
  await appendReceipt(room, {}, receiveTime(room))
  room.append.full = undefined
}

/** Into the tallies that are not folded yet; `sign` -1 takes them out again once they are. */
export function addTallies(room: Room, tallies: Tallies, receivedAtMs: number, sign: 1 | -1): void {
  for (const [type, [duplicates, dead]] of Object.entries(tallies)) {
    const key = `${type}|${startOfHour(receivedAtMs)}`
    const tally = room.tail.get(key) ?? { duplicates: 0, dead: 0 }
    tally.duplicates += sign * duplicates
    tally.dead += sign * dead
    if (tally.duplicates === 0 && tally.dead === 0) room.tail.delete(key)
    else room.tail.set(key, tally)
    const flow = room.flows.get(type)
    if (flow !== undefined && sign > 0) flow.duplicates += duplicates
  }
}

function getGroup(room: Room, groups: Map<Flow, OpenGroup>, name: string): OpenGroup {
  const flow = room.flows.get(name) as Flow
  const known = groups.get(flow)
  if (known !== undefined) return known
  const group: OpenGroup = { flow, records: [], prints: [], hasContext: false }
  groups.set(flow, group)
  return group
}

/** The event's own bytes; what they do not say stands in the headers: `o` the corrected time, `v` the dialect, `s` the scope of the id. */
function toRecord(bytes: Buffer, text: RequestText, event: ScannedEvent, via: string | undefined): LogRecord {
  const key = event.keyStart >= 0 ? text.slice(event.keyStart, event.keyStop) : (event.id ?? text.slice(event.idStart, event.idStop))
  const value = new Uint8Array(bytes.buffer, bytes.byteOffset + event.start, event.stop - event.start)
  if (!event.corrected && via === undefined && event.scope === undefined) return { key, value }
  const headers: Record<string, string> = {}
  if (event.corrected) headers['o'] = String(event.occurredAtMs)
  if (via !== undefined) headers['v'] = via
  if (event.scope !== undefined) headers['s'] = event.scope
  return { key, value, headers }
}

function addDead(room: Room, dead: Map<DeadFlow, DeadGroup>, bytes: Buffer, event: ScannedEvent): void {
  const flow = event.type === undefined ? room.unknown : (room.flows.get(event.type.name) as Flow).dead
  const death = event.death ?? { id: null, type: 'unknown', rule: 'type unknown', reason: 'The event has no type.' }
  let group = dead.get(flow)
  if (group === undefined) {
    group = { flow, type: death.type, records: [] }
    dead.set(flow, group)
  }
  const { maxRecordBytes } = room.deps.eventLog.capabilities
  const stop = Math.min(event.stop, event.start + maxRecordBytes - 8192)
  const headers: Record<string, string> = { t: death.type.toWellFormed(), r: death.reason.toWellFormed(), g: death.rule.toWellFormed() }
  if (death.id !== null) headers['i'] = death.id.toWellFormed()
  if (event.scope !== undefined) headers['s'] = event.scope
  group.records.push({ key: headers['i'] ?? '', value: bytes.subarray(event.start, stop), headers })
}

