// Removes what is no longer needed: files that a merge replaced, and log segments past their retention.
import { DAY_MS } from '@rondo/time'
import { HOUSE, receiveTime, type Room } from '../room.ts'
import { forgetGarbage, listGarbage } from '../store/bucket-store.ts'

/** One bounded round; returns how much was removed. `state` remembers when the log was last looked at. */
export async function tidy(room: Room, state: { nextLookMs: number }): Promise<number> {
  const nowMs = receiveTime(room)
  if (nowMs < state.nextLookMs) return 0
  const keys = await listGarbage(room.deps.relational, nowMs)
  await Promise.all(keys.map((key) => room.deps.objects.delete(key, HOUSE)))
  if (keys.length > 0) {
    await forgetGarbage(room.deps.relational, keys)
    return keys.length
  }
  state.nextLookMs = nowMs + DAY_MS / 4
  await room.deps.eventLog.enforceRetention(nowMs, HOUSE)
  return 0
}
