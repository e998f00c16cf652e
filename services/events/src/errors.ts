// Everything that can go wrong in the events room, as one table.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  typeUnknown: entry({
    code: 'EVENT_TYPE_NOT_FOUND',
    kind: 'not-found',
    message: (d: { type: string; near: string[] }) => `No event type is called "${d.type}".${d.near.length === 0 ? '' : ` Did you mean ${d.near.join(' or ')}?`}`,
    help: 'Register it with PUT /api/events/v1/types/{type}, or look for its name in GET /api/events/v1/types.',
  }),
  nameReserved: entry({
    code: 'EVENT_TYPE_RESERVED',
    kind: 'invalid',
    message: (d: { type: string }) => `"${d.type}" cannot name an event type.`,
    help: 'It holds the dead letters of no known type; choose another name.',
  }),
  nameMismatch: entry({
    code: 'EVENT_TYPE_MISMATCH',
    kind: 'invalid',
    message: (d: { path: string; name: string }) => `The definition is of "${d.name}" but was sent for "${d.path}".`,
    help: 'Send it to the path that carries its own name.',
  }),
  nameClash: entry({
    code: 'EVENT_TYPE_CLASH',
    kind: 'conflict',
    message: (d: { type: string; other: string }) => `"${d.type}" differs from the event type "${d.other}" only by case.`,
    help: 'Folders of objects may not tell them apart; choose another name.',
  }),
  schemaWrong: entry({
    code: 'SCHEMA_INVALID',
    kind: 'invalid',
    message: (d: { type: string; path: string; fault: string }) => `The schema of "${d.type}" cannot be taken: ${d.path} ${d.fault}.`,
    help: (d) =>
      /has (?:a|the) "pattern"(?!:)/.test(d.fault)
        ? 'Give the field a "maxLength" of 4096 or less beside its "pattern", and write no + or * on a group that holds one: "^a+$" for "^(a+)+$".'
        : d.fault.includes('personal')
          ? 'Every field says "personal": "none", "narrow" (personal) or "strict" (personal and sensitive).'
          : 'Correct the schema and send it again.',
  }),
  versionUsed: entry({
    code: 'VERSION_USED',
    kind: 'conflict',
    message: (d: { type: string; version: string; because: string; next: string }) => `Version "${d.version}" of "${d.type}" exists with another schema: ${d.because}.`,
    help: (d) => `Give this one version "${d.next}". ${toCheck(d.type)}`,
  }),
  versionOld: entry({
    code: 'VERSION_OLD',
    kind: 'conflict',
    message: (d: { type: string; version: string; current: string }) => `Version "${d.version}" of "${d.type}" is older than "${d.current}".`,
    help: 'Versions only grow, those of an older MODEL within it; take a higher one.',
  }),
  versionBreaking: entry({
    code: 'VERSION_BREAKING',
    kind: 'conflict',
    message: (d: { type: string; version: string; because: string; next: string }) => `"${d.type}" ${d.version} would break what is written against it: ${d.because}.`,
    help: (d) => `A breaking change is a new MODEL: version "${d.next}". Old and new then run side by side. ${toCheck(d.type)}`,
  }),
  versionSmall: entry({
    code: 'VERSION_SMALL',
    kind: 'conflict',
    message: (d: { type: string; version: string; because: string; next: string }) => `"${d.type}" ${d.version} says less than what changes: ${d.because}.`,
    help: (d) => `MODEL-REVISION-ADDITION: give it version "${d.next}" or more. ${toCheck(d.type)}`,
  }),
  versionUnknown: entry({
    code: 'VERSION_NOT_FOUND',
    kind: 'not-found',
    message: (d: { type: string; version: string }) => `"${d.type}" has no version "${d.version}".`,
    help: (d) => `GET /api/events/v1/types/${d.type}/versions lists them.`,
  }),
  typeTwice: entry({
    code: 'EVENT_TYPE_TWICE',
    kind: 'invalid',
    message: (d: { type: string }) => `"${d.type}" stands twice in one request.`,
    help: 'Nothing of it was taken. Send one version of a type at a time.',
  }),
  schemaUnsaid: entry({
    code: 'SCHEMA_UNSAID',
    kind: 'conflict',
    message: (d: { type: string; path: string; draft: string }) => `Draft ${d.draft} has no words for ${d.path} of "${d.type}".`,
    help: 'Ask for it with ?draft=2020-12.',
  }),
  readerUnknown: entry({
    code: 'READER_NOT_FOUND',
    kind: 'not-found',
    message: (d: { type: string; reader: string }) => `Nobody called "${d.reader}" reads "${d.type}".`,
    help: 'GET /api/events/v1/readers lists those who do.',
  }),
  readerActive: entry({
    code: 'READER_ACTIVE',
    kind: 'conflict',
    message: (d: { reader: string; members: number }) => `"${d.reader}" has ${d.members} ${d.members === 1 ? 'member' : 'members'} reading now, that would go on where they are.`,
    help: 'Stop its consumers first; they are out of the group when they close, or after their session.',
  }),
  readerReserved: entry({
    code: 'READER_RESERVED',
    kind: 'invalid',
    message: (d: { reader: string }) => `"${d.reader}" is how a group of Kafka clients is called.`,
    help: 'Take a name that does not begin with "kafka:".',
  }),
  readersTooMany: entry({
    code: 'READERS_TOO_MANY',
    kind: 'conflict',
    message: (d: { most: number }) => `There are ${d.most} named readers already.`,
    help: 'Give a reader one name that it keeps, and forget those that are gone: DELETE /api/events/v1/types/{type}/readers/{reader}.',
  }),
  readerBackwards: entry({
    code: 'READER_BACKWARDS',
    kind: 'invalid',
    message: (d: { reader: string }) => `The reader "${d.reader}" asks for the newest first.`,
    help: 'A named reader follows a type: send order=asc with it.',
  }),
  cursorWrong: entry({
    code: 'CURSOR_INVALID',
    kind: 'invalid',
    message: (d: { cursor: string }) => `"${d.cursor}" is no cursor of this type.`,
    help: 'Pass back what `next` or a row gave, unchanged.',
  }),
  instantWrong: entry({
    code: 'INSTANT_INVALID',
    kind: 'invalid',
    message: (d: { field: string; value: string }) => `"${d.value}" in ${d.field} is neither an instant nor an hour.`,
    help: 'Use for instance "2026-09-21T09:00:00Z" or "2026-09-21T09".',
  }),
  bucketUnwritten: entry({
    code: 'BUCKET_UNWRITTEN',
    kind: 'unavailable',
    message: (d: { reason: string }) => `A bucket's file could not be made: ${d.reason}.`,
    help: 'Nothing is lost: its events stay in the log, and landing tries again.',
  }),
  unreadable: entry({
    code: 'JSON_UNREADABLE',
    kind: 'invalid',
    message: (d: { position: number; what: string }) => `The body is not JSON from byte ${d.position} on${d.what}.`,
    help: 'Nothing of it was taken. Send a JSON array of events, or one event a line as application/x-ndjson.',
  }),
  columnsUnreadable: entry({
    code: 'COLUMNS_UNREADABLE',
    kind: 'invalid',
    message: (d: { reason: string }) => `The body is no Arrow IPC stream of events: ${d.reason}.`,
    help: 'Nothing of it was taken. docs/guides/send-columns.md shows a stream and what its columns mean.',
  }),
  notText: entry({
    code: 'BODY_NOT_UTF8',
    kind: 'invalid',
    message: (d: { position: number }) => `The body is not UTF-8 text from byte ${d.position} on.`,
    help: 'Nothing of it was taken. JSON is sent in UTF-8.',
  }),
  tooLarge: entry({
    code: 'BODY_TOO_LARGE',
    kind: 'too-large',
    message: (d: { what: string; sizeBytes: number; limitBytes: number }) => `${d.what} has ${d.sizeBytes} bytes; at most ${d.limitBytes} are taken.`,
    help: 'Send smaller batches.',
  }),
  tooMany: entry({
    code: 'TOO_MANY_EVENTS',
    kind: 'too-large',
    message: (d: { limit: number }) => `The request has more than ${d.limit} events.`,
    help: 'Nothing of it was taken. Send smaller batches.',
  }),
  overQuota: entry({
    code: 'OVER_QUOTA',
    kind: 'limited',
    message: (d: { key: string; what: string; retryAfterS: number }) => `The key "${d.key}" may send ${d.what}, and this request would be more.`,
    help: (d) => `Nothing of it was taken. Send it again in ${d.retryAfterS} s.`,
  }),
  keyWrong: entry({
    code: 'WRITE_KEY_WRONG',
    kind: 'unauthenticated',
    message: (_: Record<string, never>) => 'No valid write key came with the request.',
    help: 'Send it as Basic user name, as "Authorization: Bearer …" or as ?writeKey=.',
  }),
  keyKindWrong: entry({
    code: 'KEY_KIND_WRONG',
    kind: 'forbidden',
    message: (d: { kind: string }) => `A ${d.kind} key may not send events.`,
    help: '`npx rondo keys create --kind write` makes one that may.',
  }),
  inDoubt: entry({
    code: 'DUPLICATE_IN_DOUBT',
    kind: 'unavailable',
    message: (_: Record<string, never>) => 'An event of this request was being stored by another request, which failed.',
    help: 'Send the request again.',
  }),
  dialectWrong: entry({
    code: 'DIALECT_INVALID',
    kind: 'invalid',
    message: (d: { dialect: string; fault: string }) => `This is no ${d.dialect} request: ${d.fault}.`,
    help: 'Nothing of it was taken.',
  }),
  masterKeyInvalid: entry({
    code: 'MASTER_KEY_INVALID',
    kind: 'invalid',
    message: (d: { bytes: number }) => `The master key has ${d.bytes} bytes; it must have 32.`,
    help: 'Set RONDO_MASTER_KEY to 64 hexadecimal digits, for instance from "openssl rand -hex 32", or leave it out: a file of the data folder then holds one.',
  }),
  masterKeyWrong: entry({
    code: 'MASTER_KEY_WRONG',
    kind: 'invalid',
    message: (d: { owner: string }) => `The key of "${d.owner}" does not open under this master key: another one has wrapped it.`,
    help: 'Start with the RONDO_MASTER_KEY, or with the data folder and its master.key, that this database was used with before.',
  }),
  hourNotClosed: entry({
    code: 'HOUR_NOT_CLOSED',
    kind: 'conflict',
    message: (d: { type: string; hour: string }) => `Hour "${d.hour}" of "${d.type}" is not closed with files.`,
    help: 'Only an hour that closed, and whose files retention has left, can be restated.',
  }),
  hourNotInLog: entry({
    code: 'HOUR_NOT_IN_LOG',
    kind: 'conflict',
    message: (d: { type: string; hour: string }) => `The log no longer keeps all events of hour "${d.hour}" of "${d.type}".`,
    help: 'Its files stay as they are.',
  }),
})

/** Where all of a change is told before it is made. */
function toCheck(type: string): string {
  return `POST /api/events/v1/types/${type}/check tells this of a definition and changes nothing.`
}
