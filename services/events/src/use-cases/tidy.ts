// Removes what is no longer needed: files that a merge replaced, files of hours past their type's retention, and log segments past theirs.
import { DAY_MS, HOUR_MS, startOfDay } from '@rondo/time'
import { GROUP_PREFIX } from '../kafka-face/group-prefix.ts'
import { HOUSE, receiveTime, type Room } from '../room.ts'
import { dropFiles, findInUse, forgetGarbage, isPacked, listClosedWithFiles, listGarbage } from '../store/bucket-store.ts'
import { toRetentionMs } from '../topics.ts'

/** Buckets of one type that lose their files in one round. */
const BUCKETS_PER_ROUND = 200
/** Who has just been told of a file may still read it for this long. */
const KEEP_DROPPED_MS = HOUR_MS

/** When files and log were last looked at, and on which day buckets were; in the clock's time. */
export type Tidying = { nextLookMs: number; droppedDayMs: number }

/** One bounded round; returns how much was removed. */
export async function tidy(room: Room, state: Tidying): Promise<number> {
  const nowMs = receiveTime(room)
  if (nowMs < state.nextLookMs) return 0
  const keys = await listGarbage(room.deps.relational, nowMs)
  const inUse = await findShared(room, keys)
  await Promise.all(keys.filter((key) => !inUse.has(key)).map((key) => room.deps.objects.delete(key, HOUSE)))
  if (keys.length > 0) {
    await forgetGarbage(room.deps.relational, keys)
    return keys.length
  }
  const dayMs = startOfDay(nowMs)
  if (dayMs !== state.droppedDayMs) {
    const dropped = await dropExpired(room, nowMs)
    if (dropped > 0) return dropped
    state.droppedDayMs = dayMs
  }
  const expired = await room.keys.expire(nowMs)
  if (expired > 0) return expired
  state.nextLookMs = nowMs + DAY_MS / 4
  // How long events are kept is promised: a program outside that reads no more holds nothing back.
  await room.deps.eventLog.enforceRetention(nowMs, HOUSE, (group) => !group.startsWith(GROUP_PREFIX))
  return 0
}

/** A file that types share goes when the last of them has let go of it; who lets go later writes it down again. */
async function findShared(room: Room, keys: string[]): Promise<Set<string>> {
  const inUse = new Set<string>()
  const packed = keys.filter((key) => isPacked({ key }))
  for (const [hour, own] of Map.groupBy(packed, (key) => /day=([\d-]+)\/hour=(\d\d)/.exec(key)?.slice(1).join('T') ?? '')) {
    for (const key of await findInUse(room.deps.relational, Date.parse(`${hour}:00:00Z`), own)) inUse.add(key)
  }
  return inUse
}

/** The rows of expired hours stay: they are what the counts of all time are made of. */
async function dropExpired(room: Room, nowMs: number): Promise<number> {
  const { relational, log } = room.deps
  let dropped = 0
  for (const { type } of room.flows.values()) {
    const keptFromMs = nowMs - toRetentionMs(type.definition)
    const expired = await listClosedWithFiles(relational, type.name, keptFromMs - HOUR_MS, BUCKETS_PER_ROUND)
    if (expired.length === 0) continue
    await dropFiles(relational, expired, nowMs + KEEP_DROPPED_MS, HOUSE)
    log.info('buckets dropped by retention', { type: type.name, hours: expired.length, until: expired.at(-1)?.hour, retention: type.definition.retention })
    dropped += expired.length
  }
  return dropped
}
