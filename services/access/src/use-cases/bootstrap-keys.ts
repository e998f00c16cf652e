// The first start: keys that were given are taken, missing ones are made and shown once.
import type { Ctx } from '@rondo/context'
import type { KeyKind } from '../contract.ts'
import { isInForce } from '../domain/stored-key.ts'
import { errors } from '../errors.ts'
import type { Parts } from '../parts.ts'
import { createSecret, hashSecret } from '../secret.ts'
import { addKey } from './create-key.ts'

export type GivenKeys = { adminToken?: string; writeKey?: string; clientSecret?: string }

/** Plain values of keys that were made by this very call, and by no earlier one; those that were given are not repeated. */
export type MadeKeys = GivenKeys

const kinds: Record<keyof GivenKeys, KeyKind> = { adminToken: 'admin', writeKey: 'write', clientSecret: 'client' }
/** Names of the keys that this act looks after; keys of other names are never touched. */
const GIVEN = 'environment'
const MADE = 'first start'
const leastGivenCharacters = 8

/**
 * A given value is in force afterwards, and takes the place of the one given before it. A kind without any key in force gets a made one. Processes that share
 * a store may do this at the same time: one makes each key, and the others take it over.
 * Throws SECRET_TOO_SHORT, SECRET_USED_TWICE.
 */
export async function bootstrapKeys(parts: Parts, given: GivenKeys, ctx: Ctx): Promise<MadeKeys> {
  const made: MadeKeys = {}
  for (const field of ['adminToken', 'writeKey', 'clientSecret'] as const) {
    const kind = kinds[field]
    const value = given[field]
    const inForce = parts.ring.list().filter((key) => key.kind === kind && isInForce(key, parts.clock.now()))
    if (value !== undefined && value !== '') {
      if (value.length < leastGivenCharacters) throw errors.secretTooShort({ field, length: value.length, least: leastGivenCharacters })
      const hash = hashSecret(value)
      if (inForce.some((key) => key.hash === hash)) continue
      if (parts.ring.list().some((key) => key.hash === hash)) throw errors.secretUsedTwice({ field })
      await addKey(parts, { kind, name: GIVEN, scope: '*', secret: value, expiresAtMs: null }, inForce.filter((key) => key.name === GIVEN), (standing) => !standing.some((key) => key.hash === hash), ctx)
    } else if (inForce.length === 0) {
      const secret = createSecret(kind)
      const nowMs = parts.clock.now()
      const key = await addKey(parts, { kind, name: MADE, scope: '*', secret, expiresAtMs: null }, [], (standing) => !standing.some((other) => other.kind === kind && isInForce(other, nowMs)), ctx)
      if (key !== undefined) made[field] = secret
    }
  }
  return made
}
