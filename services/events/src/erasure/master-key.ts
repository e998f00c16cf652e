// The key that wraps all others: what the database holds of them is sealed under it.
import { open, readKey, seal, type SealKey } from '@rondo/sealing'
import { errors } from '../errors.ts'

const KEY_BYTES = 32

export type MasterKey = {
  /** `key`: 32 bytes; 80 characters of base64 come back, which open for the same owner only. */
  wrap(key: Uint8Array, owner: string): string
  /** 32 bytes. Throws `MASTER_KEY_WRONG` for what another master key has wrapped. */
  unwrap(wrapped: string, owner: string): Buffer
}

/** Throws `MASTER_KEY_INVALID` for anything but 32 bytes. */
export function createMasterKey(bytes: Uint8Array): MasterKey {
  if (bytes.byteLength !== KEY_BYTES) throw errors.masterKeyInvalid({ bytes: bytes.byteLength })
  const master: SealKey = readKey(bytes)
  return {
    wrap: (key, owner) => seal(master, owner, key).toString('base64'),
    unwrap(wrapped, owner) {
      const key = open(master, owner, Buffer.from(wrapped, 'base64'))
      if (key === undefined) throw errors.masterKeyWrong({ owner })
      return key
    },
  }
}
