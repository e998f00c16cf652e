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
    help: 'Use "file:./folder", "s3://bucket/prefix" or "memory:".',
  }),
  badAddress: entry({
    code: 'BAD_STORE_ADDRESS',
    kind: 'invalid',
    message: (d: { address: string; reason: string }) => `"${d.address}" is no address of an object store: ${d.reason}.`,
    help: 'Write "s3://key:secret@host:port/bucket/prefix?region=us-east-1", special characters of the secret percent-encoded, or "s3://bucket/prefix" with the usual credentials of AWS.',
  }),
  packageMissing: entry({
    code: 'PACKAGE_MISSING',
    kind: 'unavailable',
    message: (d: { packages: string[] }) => `S3 needs a package that is not installed: ${d.packages.join(', ')}.`,
    help: (d) => `npm install ${d.packages.join(' ')}`,
  }),
  unreachable: entry({
    code: 'OBJECTS_UNREACHABLE',
    kind: 'unavailable',
    message: (d: { shown: string; reason: string }) => `The object store "${d.shown}" does not answer: ${d.reason}.`,
    help: 'Check the host and the port in the address, that it runs there, and tls=0 or tls=1.',
  }),
  loginRefused: entry({
    code: 'LOGIN_REFUSED',
    kind: 'unavailable',
    message: (d: { shown: string; reason: string }) => `The object store "${d.shown}" does not let us in: ${d.reason}.`,
    help: 'Check key and secret in the address (special characters percent-encoded) or in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN), and that they may list, read, write and delete below that prefix.',
  }),
  bucketMissing: entry({
    code: 'BUCKET_MISSING',
    kind: 'unavailable',
    message: (d: { shown: string; bucket: string }) => `There is no bucket "${d.bucket}" at "${d.shown}".`,
    help: (d) => `Make it, for instance: aws s3 mb s3://${d.bucket}`,
  }),
  wrongRegion: entry({
    code: 'WRONG_REGION',
    kind: 'unavailable',
    message: (d: { shown: string; reason: string }) => `The region of the object store "${d.shown}" is not right: ${d.reason}.`,
    help: 'Write the region of the bucket behind the address, as in "?region=eu-north-1".',
  }),
  unconditional: entry({
    code: 'OBJECTS_TOO_OLD',
    kind: 'unavailable',
    message: (d: { shown: string }) => `The object store "${d.shown}" wrote an object a second time that was to be written only when absent.`,
    help: 'It ignores "If-None-Match: *", as S3 services of before 2025 do. Upgrade it: two processes would both believe to have been the first.',
  }),
  refused: entry({
    code: 'OBJECTS_IO_FAILED',
    kind: 'unavailable',
    message: (d: { shown: string; key: string; reason: string }) => `The object store "${d.shown}" refused an operation on "${d.key}": ${d.reason}.`,
  }),
})
