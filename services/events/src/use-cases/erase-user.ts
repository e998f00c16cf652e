// Forgets a user: whatever copy of its personal data lies wherever, nobody reads it again.
import { toIso } from '@rondo/time'
import { userOwner } from '../erasure/key-ring.ts'
import type { Room } from '../room.ts'

export type Erased = { user: string; keys: number; erasedAt: string }

/** `user`: a user id, or the anonymous id of one who never signed in. An event of the same user that comes later is under a new key. */
export async function eraseUser(room: Room, user: string): Promise<Erased> {
  const keys = await room.keys.erase(userOwner(user))
  // Who it was is not written down again.
  room.deps.log.info('user erased', { keys })
  return { user, keys, erasedAt: toIso(room.deps.clock.now()) }
}
