// Secrets: made from the machine's own randomness, never from a seeded one, and kept only as a hash.
import { hash, randomBytes } from 'node:crypto'
import type { KeyKind } from './contract.ts'

/** Longer texts are no secrets of ours and are not even hashed. */
export const longestSecret = 512

/** "rk_write_" and 32 characters of base64url: 192 bits. */
export function createSecret(kind: KeyKind | 'link' | 'session'): string {
  return `rk_${kind}_${randomBytes(24).toString('base64url')}`
}

/**
 * SHA-256, hexadecimal. Made secrets have 192 bits, so that a slow hash would add nothing; comparison by the hash as a
 * key of a map tells a guesser nothing about the secret.
 */
export function hashSecret(secret: string): string {
  return hash('sha256', secret)
}

/** Readable beginning, for lists: enough to recognise a key, too little to guess it. A short secret that somebody chose shows nothing. */
export function toPrefix(kind: KeyKind, secret: string): string {
  const start = `rk_${kind}_`
  return secret.startsWith(start) && secret.length >= start.length + 24 ? secret.slice(0, start.length + 4) : `${start}…`
}
