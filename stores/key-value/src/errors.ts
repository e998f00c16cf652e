// Every error of this store in one table, whatever the engine.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  badAddress: entry({
    code: 'BAD_STORE_ADDRESS',
    kind: 'invalid',
    message: (d: { address: string }) => `"${d.address}" is no address of a key-value store.`,
    help: 'Write "lmdb:./folder", or "memory:" for one that is gone with the process.',
  }),
  badNamespace: entry({
    code: 'BAD_NAMESPACE',
    kind: 'invalid',
    message: (d: { namespace: string }) => `"${d.namespace}" is no namespace.`,
    help: 'Use lower-case letters, digits and "-".',
  }),
  badKey: entry({
    code: 'BAD_KEY',
    kind: 'invalid',
    message: (d: { part: 'partition' | 'sort'; value: string; reason: string }) => `The ${d.part} of a key, "${d.value.slice(0, 100)}", ${d.reason}.`,
    help: 'A partition has 1 to 512 bytes of UTF-8 without NUL, a sort 0 to 512.',
  }),
  tooLarge: entry({
    code: 'VALUE_TOO_LARGE',
    kind: 'too-large',
    message: (d: { partition: string; sort: string; sizeBytes: number; limitBytes: number }) =>
      `The value of "${d.partition}" / "${d.sort}" has ${d.sizeBytes} bytes; ${d.limitBytes} are the most.`,
    help: 'Large things belong into the object store.',
  }),
  cannotOpen: entry({
    code: 'KEY_VALUE_CANNOT_OPEN',
    kind: 'unavailable',
    message: (d: { folder: string; reason: string }) => `The key-value store "${d.folder}" cannot be opened: ${d.reason}.`,
    help: 'Check that this user may write to the folder, and that its data.mdb comes from this program.',
  }),
  full: entry({
    code: 'STORAGE_FULL',
    kind: 'storage-full',
    message: (d: { folder: string; reason: string }) => `No space is left for the key-value store "${d.folder}" (${d.reason}); nothing of this write was kept.`,
    help: 'Free space on that volume, then try again.',
  }),
  failed: entry({
    code: 'KEY_VALUE_FAILED',
    kind: 'internal',
    message: (d: { folder: string; reason: string }) => `The key-value store "${d.folder}" failed: ${d.reason}.`,
  }),
  closed: entry({ code: 'STORE_CLOSED', kind: 'unavailable', message: (d: { folder: string }) => `The key-value store "${d.folder}" is closed.` }),
})
