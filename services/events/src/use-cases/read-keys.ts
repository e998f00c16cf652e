// Keys for a query of another room over sealed rows; it asks for each query anew, so that one that was destroyed opens nothing from then on.
import type { Room } from '../room.ts'

export async function readKeys(room: Room, ids: string[]): Promise<{ keys: { id: string; key: string }[] }> {
  const found = await room.keys.find(ids)
  return { keys: Array.from(found, ([id, key]) => ({ id, key: key.export().toString('base64') })) }
}
