// Contexts that were cut out of their records are sealed under the key of their user, each into the room that its record has for it.
//
// A context that is the one before of the same user and type is not sealed once more: its seal is copied, nonce and all. Whoever reads without keys learns that
// both are the same, and nothing else; the key that is destroyed is still the only one that opens either.
import { randomBytes } from 'node:crypto'
import { seal } from '@rondo/sealing'
import { SAME_CONTEXT, type PlainContexts, type PlainGroup } from '../domain/plain-batch.ts'
import { KEY_ID_CHARS, userOwner, type ContextSeal, type KeyRing, type SealingKey } from './key-ring.ts'

/** So long the seal of a context is used again. */
const SAME_SEAL_MS = 3_600_000
/** Types of one user whose last seals are remembered. */
const MOST_SEALS = 4
/** A longer context is sealed each time: what is remembered of a user has to stay small. */
const MOST_REMEMBERED_CHARS = 1_024
const NONCE_BYTES = 12

type Sealed = { type: string; records: PlainGroup['records']; contexts: PlainContexts; receivedAtMs: number }
type Find = (user: string) => SealingKey | undefined

/** Writes into `records`; done at once when every key is at hand, so that they keep their place among those of other requests. */
export function sealContexts(keys: KeyRing, sealed: Sealed): undefined | Promise<void> {
  const users = listUsers(sealed)
  const recollected = keys.recollect()
  const found = recollected === undefined ? undefined : findKeys(sealed, users, recollected)
  if (found !== undefined) return fill(sealed, found)
  const owners = new Set(users.flatMap((user, i) => (sealed.contexts.sizes[i] === 0 ? [] : userOwner(user))))
  return keys.provide(Array.from(owners, (name) => ({ name, expiresAtMs: null }))).then((provided) => fill(sealed, findKeys(sealed, users, (user) => provided.get(userOwner(user))) as SealingKey[]))
}

/** The keys of records: each record's user, or its id. */
function listUsers({ records: { keys, keyBytes } }: Sealed): string[] {
  const text = keys.toString('utf8')
  const isAscii = text.length === keys.length
  const users: string[] = []
  let at = 0
  for (const size of keyBytes) {
    users.push(isAscii ? text.slice(at, at + size) : keys.toString('utf8', at, at + size))
    at += size
  }
  return users
}

/** Of each record with a context, one behind the other; undefined when one is missing. */
function findKeys({ contexts: { sizes } }: Sealed, users: string[], find: Find): SealingKey[] | undefined {
  const found: SealingKey[] = []
  for (let i = 0; i < sizes.length; i += 1) {
    if (sizes[i] === 0) continue
    const key = find(users[i] as string)
    if (key === undefined) return undefined
    found.push(key)
  }
  return found
}

function fill({ type, records: { values, valueBytes }, contexts: { sizes, texts }, receivedAtMs }: Sealed, keys: SealingKey[]): undefined {
  const nonces = createNonces(keys.length)
  let context = ''
  let contextAt = 0
  let end = 0
  let next = 0
  for (let i = 0; i < sizes.length; i += 1) {
    const size = sizes[i] as number
    end += valueBytes[i] as number
    if (size === 0) continue
    if (size !== SAME_CONTEXT) {
      context = texts.toString('utf8', contextAt, contextAt + size)
      contextAt += size
    }
    const { text } = findSeal(keys[next] as SealingKey, type, context, receivedAtMs, nonces)
    next += 1
    values.write(text, end - text.length, 'latin1')
  }
}

function findSeal({ id, key, seals }: SealingKey, type: string, context: string, receivedAtMs: number, nonces: () => Buffer): ContextSeal {
  let at = 0
  while (at < seals.length && seals[at]?.type !== type) at += 1
  const last = seals[at]
  if (last !== undefined && last.context === context && receivedAtMs - last.atMs < SAME_SEAL_MS) return last
  if (id.length !== KEY_ID_CHARS) throw new Error(`The sealing key "${id}" has an id of ${id.length} characters, and records have room for ${KEY_ID_CHARS}.`)
  const data = seal(key, type, `{"c":${context}}`, nonces()).toString('base64')
  const made: ContextSeal = { type, context, text: `,"sealed":{"key":"${id}","data":"${data}"}}`, atMs: receivedAtMs }
  if (context.length <= MOST_REMEMBERED_CHARS) seals[Math.min(at, MOST_SEALS - 1)] = made
  return made
}

/** Drawn together: each for itself would cost as much as half a seal. */
function createNonces(most: number): () => Buffer {
  let drawn: Buffer | undefined
  let at = 0
  return () => {
    drawn ??= randomBytes(most * NONCE_BYTES)
    at += NONCE_BYTES
    return drawn.subarray(at - NONCE_BYTES, at)
  }
}
