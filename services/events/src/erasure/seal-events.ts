// Records of events as they go into the log: what is personal in them is sealed under the key of their user, one seal an event.
import type { LogRecord, RecordBlock } from '@rondo/event-log'
import { seal } from '@rondo/sealing'
import { DAY_MS, toIso } from '@rondo/time'
import type { EventType } from '../domain/event-type.ts'
import { takePersonal, type PersonalPart, type Wire } from '../domain/personal-part.ts'
import { toRetentionMs } from '../topics.ts'
import { userOwner, type KeyRing, type Owner, type SealingKey } from './key-ring.ts'

/** Of one record: `part` is undefined when it goes as it is. */
type Opened = { record: LogRecord; rest: Wire; part: PersonalPart | undefined; owner: string }

/** Gives the records at once when every key is at hand, so that they keep their place among those of other requests. */
export function sealEvents(keys: KeyRing, type: EventType, given: LogRecord[] | RecordBlock, receivedAtMs: number): LogRecord[] | Promise<LogRecord[]> {
  const owners = new Map<string, Owner>()
  const opened = toRecords(given).map((record): Opened => {
    const wire = JSON.parse(toText(record.value)) as Wire
    const { rest, part } = takePersonal(wire, type.personal)
    if (part === undefined) return { record, rest, part, owner: '' }
    const owner = findOwner(type, wire, receivedAtMs)
    owners.set(owner.name, owner)
    return { record, rest, part, owner: owner.name }
  })
  const asked = [...owners.values()]
  const known = keys.recall(asked)
  return known === undefined ? keys.provide(asked).then((found) => sealAll(type, opened, found)) : sealAll(type, opened, known)
}

function sealAll({ name }: EventType, opened: Opened[], keys: ReadonlyMap<string, SealingKey>): LogRecord[] {
  return opened.map(({ record, rest, part, owner }) => {
    if (part === undefined) return record
    const { id, key } = keys.get(owner) as SealingKey
    const sealed = { key: id, data: seal(key, name, JSON.stringify(part)).toString('base64') }
    return { ...record, value: Buffer.from(JSON.stringify({ ...rest, sealed })) }
  })
}

/** Who is named by nobody is under a key of the day, which goes when the day has passed the type's retention. */
function findOwner(type: EventType, { userId, anonymousId }: Wire, receivedAtMs: number): Owner {
  const user = userId ?? anonymousId
  if (typeof user === 'string') return { name: userOwner(user), expiresAtMs: null }
  return dayOwner(type.name, receivedAtMs, toRetentionMs(type.definition))
}

export function dayOwner(of: string, atMs: number, retentionMs: number): Owner {
  return { name: `day:${of}:${toIso(atMs).slice(0, 10)}`, expiresAtMs: atMs + retentionMs + DAY_MS }
}

function toRecords(given: LogRecord[] | RecordBlock): LogRecord[] {
  if (Array.isArray(given)) return given
  const { keys, keyBytes, values, valueBytes } = given
  let keyAt = 0
  let valueAt = 0
  return Array.from(keyBytes, (size, i): LogRecord => {
    const key = toText(keys.subarray(keyAt, (keyAt += size)))
    return { key, value: values.subarray(valueAt, (valueAt += valueBytes[i] as number)) }
  })
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
