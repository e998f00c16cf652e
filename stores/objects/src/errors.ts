// Everything that can go wrong with an object, as one table.
import { defineErrors, entry, type ErrorDetails } from '@rondo/errors'

export const errors = defineErrors({
  badKey: entry({
    code: 'BAD_KEY',
    kind: 'invalid',
    message: (d: { key: string }) => `"${d.key}" is not a key of an object.`,
    help: 'Keys are segments of letters, digits, ".", "_", "=" and "-", joined by "/", none of them "." or ".."; at most 200 characters a segment and 800 in all.',
  }),
  badPrefix: entry({
    code: 'BAD_KEY',
    kind: 'invalid',
    message: (d: { prefix: string }) => `"${d.prefix}" can begin no key.`,
    help: 'Use the beginning of a key, or nothing for all.',
  }),
  badRange: entry({
    code: 'BAD_RANGE',
    kind: 'invalid',
    message: (d: { key: string; start: number; end: number }) => `"${d.start}-${d.end}" is no range of bytes of "${d.key}".`,
    help: 'A range begins at 0 or later, and ends (exclusive) where it begins or later; beyond the end of the object it is cut.',
  }),
  badLimit: entry({
    code: 'BAD_LIMIT',
    kind: 'invalid',
    message: (d: { limit: number }) => `"${d.limit}" is not a number of keys.`,
    help: 'Ask for 1 or more.',
  }),
  notFound: entry({ code: 'OBJECT_NOT_FOUND', kind: 'not-found', message: (d: { key: string }) => `No object has the key "${d.key}".` }),
  keyBlocked: entry({
    code: 'KEY_BLOCKED',
    kind: 'conflict',
    message: (d: { key: string }) => `"${d.key}" cannot be stored here, because a key is the beginning of another: one of its segments is an object, or it is a folder of objects.`,
    help: 'Give the object another name, for instance with an extension.',
  }),
  stageMissing: entry({
    code: 'STAGE_EMPTY',
    kind: 'invalid',
    message: (d: { key: string; path: string }) => `Nothing was written to "${d.path}", so "${d.key}" cannot be published.`,
  }),
  stageEnded: entry({
    code: 'STAGE_ENDED',
    kind: 'conflict',
    message: (d: { key: string }) => `The stage of "${d.key}" was published or discarded before.`,
  }),
  closed: entry({ code: 'OBJECTS_CLOSED', kind: 'unavailable', message: (_: ErrorDetails) => 'The object store is closed.' }),
  storageFull: entry({
    code: 'STORAGE_FULL',
    kind: 'storage-full',
    message: (d: { key: string }) => `No space is left to write "${d.key}". Nothing was changed.`,
    help: 'Free some space and try again.',
  }),
  ioFailed: entry({
    code: 'OBJECTS_IO_FAILED',
    kind: 'unavailable',
    message: (d: { key: string; reason: string }) => `The disk refused an operation on "${d.key}": ${d.reason}.`,
    help: 'Check the disk, then try again.',
  }),
  schemeUnknown: entry({
    code: 'OBJECTS_URL_UNSUPPORTED',
    kind: 'invalid',
    message: (d: { url: string }) => `No driver opens the object store "${d.url}".`,
    help: 'Use "file:./folder" or "memory:".',
  }),
})
