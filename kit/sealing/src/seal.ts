// AES-256-GCM over one value: `nonce (12) | ciphertext | tag (16)`, bound to a label that says what it is.
import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync, type KeyObject } from 'node:crypto'

/** As a key object: given as bytes, each use would take three times as long. */
export type SealKey = KeyObject

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** `bytes`: 32. */
export function readKey(bytes: Uint8Array): SealKey {
  return createSecretKey(bytes)
}

/** `nonce`: 12 random bytes that were never used before, for who draws many at once. */
export function seal(key: SealKey, label: string, plain: string | Uint8Array, nonce: Uint8Array = randomFillSync(Buffer.allocUnsafe(NONCE_BYTES))): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(label))
  const first = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain)
  cipher.final()
  return Buffer.concat([nonce, first, cipher.getAuthTag()])
}

/** Undefined when it was not sealed under this key and label, or was changed since. */
export function open(key: SealKey, label: string, sealed: Uint8Array): Buffer | undefined {
  if (sealed.byteLength < NONCE_BYTES + TAG_BYTES) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
  decipher.setAAD(Buffer.from(label))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES))
  try {
    decipher.final()
    return plain
  } catch {
    return undefined
  }
}
