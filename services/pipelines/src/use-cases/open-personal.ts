// Personal columns of event types: their values lie sealed under a key for each user, and are opened for one query at a time.
import type { OpenSealed, Sealed } from '@rondo/analytics'
import type { Ctx } from '@rondo/context'
import { eventsContract, type TypeRow } from '@rondo/events/contract'
import { open, readKey } from '@rondo/sealing'
import { findPersonalValue, type PersonalPart } from '../domain/personal-value.ts'
import type { Room } from '../room.ts'

const KEYS_AT_ONCE = 10_000
/** A row is asked for once a column, and the engine works on so many rows at a time. */
const ROWS_REMEMBERED = 4_096

/** Undefined while no file of the type holds anything sealed. `isSeen`: else such columns are null, and no key is asked for. */
export function findSealed(room: Room, type: TypeRow, isSeen: boolean): Sealed | undefined {
  const { buckets } = room.picture.datasets.getEvent(type.type)
  if (![...buckets.values()].some((bucket) => bucket.isSealed)) return undefined
  const columns = type.columns.filter(({ name, personal }) => personal !== 'none' && name !== 'userId' && name !== 'anonymousId').map(({ name }) => name)
  return {
    data: '_sealed',
    key: '_sealedBy',
    columns: isSeen ? columns : [],
    async open(keyIds, ctx) {
      const keys = new Map<string, ReturnType<typeof readKey>>()
      for (let at = 0; at < keyIds.length; at += KEYS_AT_ONCE) {
        for (const { id, key } of await readKeys(room, keyIds.slice(at, at + KEYS_AT_ONCE), ctx)) keys.set(id, readKey(Buffer.from(key, 'base64')))
      }
      return createOpen(type, keys)
    },
  }
}

async function readKeys(room: Room, ids: string[], ctx: Ctx): Promise<{ id: string; key: string }[]> {
  return (await room.deps.peer(eventsContract).readKeys({ body: { ids } }, ctx)).keys
}

function createOpen({ type, columns }: TypeRow, keys: ReadonlyMap<string, ReturnType<typeof readKey>>): OpenSealed {
  const names = new Set(columns.map(({ name }) => name))
  const remembered = new Map<string, PersonalPart | undefined>()
  return (keyId, data, column) => {
    const key = keys.get(keyId)
    if (key === undefined) return null
    const nonce = Buffer.from(data.buffer, data.byteOffset, 12).toString('latin1')
    let part = remembered.get(nonce)
    if (part === undefined) {
      const plain = open(key, type, data)
      part = plain === undefined ? {} : (JSON.parse(plain.toString('utf8')) as PersonalPart)
      if (remembered.size >= ROWS_REMEMBERED) remembered.clear()
      remembered.set(nonce, part)
    }
    return findPersonalValue(part, column, names)
  }
}
