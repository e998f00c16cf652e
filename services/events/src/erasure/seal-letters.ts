// Dead letters: nobody knows what of one is personal, therefore all of its bytes are sealed, and the reason with them, which quotes them.
//
//   letter  := key id | headers t, g, i, s (type as it called itself, rule, id and its scope), k (id of the key) | seal of content
//   content := reason as JSON text, a line feed, the bytes as they came
import type { LogRecord, StoredRecord } from '@rondo/event-log'
import { open, seal, type SealKey } from '@rondo/sealing'
import { DEAD_RETENTION_MS } from '../topics.ts'
import type { KeyRing, Owner } from './key-ring.ts'
import { userOwner } from './key-ring.ts'
import { dayOwner } from './seal-events.ts'

const LABEL = 'dead'
const LINE_FEED = 10
/** Also in what is no whole JSON. */
const USER = /"(?:userId|anonymousId)"\s*:\s*("(?:[^"\\]|\\.){1,256}")/

/** `records`: with their reason in the header `r`, as they are made. */
export async function sealLetters(keys: KeyRing, records: LogRecord[], receivedAtMs: number): Promise<LogRecord[]> {
  const owners = records.map(({ value }) => findOwner(value, receivedAtMs))
  const found = keys.recall(owners) ?? (await keys.provide(owners))
  return records.map(({ key, value, headers = {} }, i): LogRecord => {
    const { r: reason, ...rest } = headers
    const sealing = found.get((owners[i] as Owner).name)
    if (sealing === undefined) throw new Error('A key that was asked for was not given.')
    return { key, value: seal(sealing.key, LABEL, Buffer.concat([Buffer.from(`${JSON.stringify(reason ?? '')}\n`), value])), headers: { ...rest, k: sealing.id } }
  })
}

/** The same letters with their bytes and reasons; `erased` holds the offsets of those whose key is gone, which come as they are, but empty. Letters from before there were keys come as they are. */
export async function openLetters(keys: KeyRing, letters: StoredRecord[]): Promise<{ letters: StoredRecord[]; erased: ReadonlySet<number> }> {
  const erased = new Set<number>()
  const ids = new Set(letters.flatMap(({ headers }) => headers?.['k'] ?? []))
  if (ids.size === 0) return { letters, erased }
  const found = await keys.find(ids)
  const opened = letters.map((letter): StoredRecord => {
    const { headers = {}, value } = letter
    if (headers['k'] === undefined) return letter
    const content = openContent(found.get(headers['k']), value)
    if (content !== undefined) return { ...letter, value: content.raw, headers: { ...headers, r: content.reason } }
    erased.add(letter.offset)
    return { ...letter, value: new Uint8Array(0) }
  })
  return { letters: opened, erased }
}

function openContent(key: SealKey | undefined, value: Uint8Array): { reason: string; raw: Uint8Array } | undefined {
  const content = key === undefined ? undefined : open(key, LABEL, value)
  if (content === undefined) return undefined
  const cut = content.indexOf(LINE_FEED)
  return { reason: JSON.parse(content.toString('utf8', 0, cut)) as string, raw: content.subarray(cut + 1) }
}

function findOwner(value: Uint8Array, receivedAtMs: number): Owner {
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')
  const user = findUser(text)
  return user === undefined ? dayOwner(LABEL, receivedAtMs, DEAD_RETENTION_MS) : { name: userOwner(user), expiresAtMs: null }
}

/** The user whom the bytes name, as they may be no event at all. */
export function findUser(text: string): string | undefined {
  try {
    const wire = JSON.parse(text) as Record<string, unknown> | null
    const user = wire?.['userId'] ?? wire?.['anonymousId']
    if (typeof user === 'string' && user !== '') return toName(user.slice(0, 256))
  } catch {
    // Not JSON: what looks like a name in it counts.
  }
  const [, quoted] = USER.exec(text) ?? []
  try {
    return quoted === undefined ? undefined : toName(JSON.parse(quoted) as string)
  } catch {
    return undefined
  }
}

/** Half a character and U+0000 have no place in a key's name. */
function toName(user: string): string {
  return user.toWellFormed().replaceAll('\u0000', '\ufffd')
}
