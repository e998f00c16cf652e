// Everything that can go wrong in a log, as one table.
import { defineErrors, entry, type ErrorDetails } from '@rondo/errors'

export const errors = defineErrors({
  badName: entry({
    code: 'BAD_NAME',
    kind: 'invalid',
    message: (d: { what: string; name: string }) => `"${d.name}" cannot name a ${d.what}.`,
    help: 'Use 1 to 200 characters of letters, digits, ".", "_" and "-", other than "." and "..".',
  }),
  badConfig: entry({
    code: 'BAD_TOPIC_CONFIG',
    kind: 'invalid',
    message: (d: { topic: string; field: string; value: unknown }) => `Topic "${d.topic}" cannot have ${d.field} "${String(d.value)}".`,
    help: 'Partitions are a whole number from 1 to 1,024; retentions are positive numbers or left out.',
  }),
  badOffset: entry({
    code: 'BAD_OFFSET',
    kind: 'invalid',
    message: (d: { offset: unknown }) => `"${String(d.offset)}" is not an offset.`,
    help: 'Offsets are whole numbers from 0 on.',
  }),
  badLimit: entry({
    code: 'BAD_LIMIT',
    kind: 'invalid',
    message: (d: { name: string; value: unknown }) => `"${String(d.value)}" is not a limit for ${d.name}.`,
    help: 'Limits are numbers from 1 on.',
  }),
  badTimestamp: entry({
    code: 'BAD_TIMESTAMP',
    kind: 'invalid',
    message: (d: { timestampMs: unknown }) => `"${String(d.timestampMs)}" is not an instant in epoch milliseconds.`,
  }),
  badKey: entry({
    code: 'BAD_RECORD_KEY',
    kind: 'invalid',
    message: (d: { key: string }) => `The record key "${d.key}" is not well-formed text (half a surrogate pair, or bytes that are no UTF-8).`,
    help: 'Use well-formed Unicode text.',
  }),
  badBlock: entry({
    code: 'BAD_RECORD_BLOCK',
    kind: 'invalid',
    message: (d: { topic: string; what: string }) => `A block of records for topic "${d.topic}" has ${d.what}.`,
    help: 'Give each record one size of its key and one of its value; together they are the bytes of keys and values.',
  }),
  recordTooLarge: entry({
    code: 'RECORD_TOO_LARGE',
    kind: 'too-large',
    message: (d: { topic: string; sizeBytes: number; maxRecordBytes: number }) =>
      `A record of ${d.sizeBytes} bytes for topic "${d.topic}" is larger than the limit of ${d.maxRecordBytes} bytes.`,
    help: 'Put large content into objects and its key into the record.',
  }),
  topicUnknown: entry({
    code: 'TOPIC_NOT_FOUND',
    kind: 'not-found',
    message: (d: { topic: string }) => `No topic is called "${d.topic}".`,
    help: 'Create it first with createTopic.',
  }),
  partitionUnknown: entry({
    code: 'PARTITION_NOT_FOUND',
    kind: 'not-found',
    message: (d: { topic: string; partition: number; partitions: number }) =>
      `Topic "${d.topic}" has no partition "${d.partition}"; it has ${d.partitions}, counted from 0.`,
  }),
  topicMismatch: entry({
    code: 'TOPIC_MISMATCH',
    kind: 'conflict',
    message: (d: { topic: string; partitions: number; wanted: number }) => `Topic "${d.topic}" has ${d.partitions} partitions, not ${d.wanted}.`,
    help: 'Partition counts never change, because keys would move; make a new topic.',
  }),
  closed: entry({ code: 'LOG_CLOSED', kind: 'unavailable', message: (_: ErrorDetails) => 'The log is closed.' }),
  locked: entry({
    code: 'LOG_LOCKED',
    kind: 'conflict',
    message: (d: { folder: string; holder: string }) => `The log folder "${d.folder}" is open in another process (${d.holder}).`,
    help: 'Stop the other process, or talk to it instead of opening its folder.',
  }),
  newerFormat: entry({
    code: 'NEWER_LOG',
    kind: 'conflict',
    message: (d: { path: string; version: number }) => `"${d.path}" was written by a newer version of this program (format ${d.version}).`,
    help: 'Start the newer version.',
  }),
  corrupt: entry({
    code: 'LOG_CORRUPT',
    kind: 'internal',
    message: (d: { path: string; position: number; reason: string }) => `"${d.path}" is damaged at byte ${d.position}: ${d.reason}.`,
    help: 'Records before that byte are whole. Restore the file from a copy, or move it away to go on without its records.',
  }),
  storageFull: entry({
    code: 'STORAGE_FULL',
    kind: 'storage-full',
    message: (d: { path: string }) => `No space is left to write "${d.path}". What was acknowledged is safe.`,
    help: 'Free some space; writing works again by itself.',
  }),
  ioFailed: entry({
    code: 'LOG_IO_FAILED',
    kind: 'unavailable',
    message: (d: { path: string; reason: string }) => `The disk refused an operation on "${d.path}": ${d.reason}.`,
    help: 'Check the disk; what was acknowledged before is safe.',
  }),
  schemeUnknown: entry({
    code: 'LOG_URL_UNSUPPORTED',
    kind: 'invalid',
    message: (d: { url: string }) => `No driver opens the event log "${d.url}".`,
    help: 'Use "file:./folder", "memory:" or "kafka://host:port"; a feed also "pubsub://project".',
  }),
  badAddress: entry({
    code: 'LOG_ADDRESS_INVALID',
    kind: 'invalid',
    message: (d: { address: string; reason: string; form: string }) => `The event log "${d.address}" cannot be opened: ${d.reason}.`,
    help: (d) => `The form is ${d.form}; the README of @rondo/event-log has every parameter.`,
  }),
  driverMissing: entry({
    code: 'LOG_DRIVER_MISSING',
    kind: 'unavailable',
    message: (d: { address: string; install: string }) => `The event log "${d.address}" needs a client library that is not installed.`,
    help: (d) => `Install it: npm install ${d.install}`,
  }),
  unreachable: entry({
    code: 'LOG_UNREACHABLE',
    kind: 'unavailable',
    message: (d: { engine: string; address: string; reason: string }) => `No ${d.engine} answers at "${d.address}": ${d.reason}.`,
    help: 'Start it, or correct the address of the event log.',
  }),
  signInRefused: entry({
    code: 'LOG_SIGN_IN_REFUSED',
    kind: 'unauthenticated',
    message: (d: { engine: string; address: string; user: string; reason: string }) => `${d.engine} at "${d.address}" refused the user "${d.user}": ${d.reason}.`,
    help: 'Correct user, password or mechanism in the address of the event log.',
  }),
  engineTooOld: entry({
    code: 'LOG_ENGINE_TOO_OLD',
    kind: 'conflict',
    message: (d: { engine: string; address: string; needs: string; lacks: string }) => `${d.engine} at "${d.address}" is too old: it lacks ${d.lacks}.`,
    help: (d) => `Use ${d.needs}.`,
  }),
  unavailable: entry({
    code: 'LOG_UNAVAILABLE',
    kind: 'unavailable',
    message: (d: { engine: string; address: string; reason: string }) => `${d.engine} at "${d.address}" does not answer: ${d.reason}.`,
    help: 'Try again; the log recovers by itself once the engine is back.',
  }),
  inDoubt: entry({
    code: 'APPEND_IN_DOUBT',
    kind: 'unavailable',
    message: (d: { topic: string; partition: number; reason: string }) => `Whether records of topic "${d.topic}", partition ${d.partition}, became durable is not known: ${d.reason}.`,
    help: 'Read the end of the topic, or append records whose ids tell the second from the first.',
  }),
  engineRefused: entry({
    code: 'LOG_ENGINE_REFUSED',
    kind: 'conflict',
    message: (d: { engine: string; address: string; what: string; reason: string }) => `${d.engine} at "${d.address}" refused to ${d.what}: ${d.reason}.`,
    help: 'Correct the rights of the user, or the settings of the engine or of the topic.',
  }),
  topicSettings: entry({
    code: 'TOPIC_MISMATCH',
    kind: 'conflict',
    message: (d: { topic: string; setting: string; value: string; wanted: string }) => `Topic "${d.topic}" has ${d.setting} "${d.value}", not "${d.wanted}".`,
    help: 'Change the setting of the topic, or make a new topic.',
  }),
  batchCorrupt: entry({
    code: 'LOG_BATCH_CORRUPT',
    kind: 'internal',
    message: (d: { topic: string; partition: number; offset: number; reason: string }) => `The batch at offset ${d.offset} of topic "${d.topic}", partition ${d.partition}, is damaged: ${d.reason}.`,
    help: 'Records before that offset are whole. Restore the partition from a replica, or go on behind the batch.',
  }),
  keyTooLarge: entry({
    code: 'RECORD_KEY_TOO_LARGE',
    kind: 'too-large',
    message: (d: { topic: string; sizeBytes: number; maxKeyBytes: number }) => `A record key of ${d.sizeBytes} bytes for topic "${d.topic}" is larger than the limit of ${d.maxKeyBytes} bytes.`,
    help: 'Use a shorter key; it only says which records stay in order.',
  }),
  badHeader: entry({
    code: 'BAD_RECORD_HEADER',
    kind: 'invalid',
    message: (d: { topic: string; header: string; reason: string }) => `A record for topic "${d.topic}" cannot have the header "${d.header}": ${d.reason}.`,
    help: 'Put what is long or of many fields into the value.',
  }),
  withoutOffsets: entry({
    code: 'LOG_WITHOUT_OFFSETS',
    kind: 'not-implemented',
    message: (d: { address: string }) => `"${d.address}" delivers records but cannot read them by offset, which the log of the platform needs.`,
    help: 'Keep the log on "file:" or "kafka://" (on Google Cloud its Managed Service for Apache Kafka), and open this address with openEventFeed.',
  }),
  badGroupConfig: entry({
    code: 'BAD_GROUP_CONFIG',
    kind: 'invalid',
    message: (d: { group: string; field: string; value: unknown; wanted: string }) => `The consumer group "${d.group}" cannot have ${d.field} "${String(d.value)}", but ${d.wanted}.`,
  }),
  groupMismatch: entry({
    code: 'GROUP_MISMATCH',
    kind: 'conflict',
    message: (d: { group: string; topic: string; reason: string }) => `The consumer group "${d.group}" of topic "${d.topic}" cannot be used: ${d.reason}.`,
    help: 'Use a group of another name, or remove this one.',
  }),
  groupBusy: entry({
    code: 'GROUP_BUSY',
    kind: 'conflict',
    message: (d: { group: string; topic: string }) => `The consumer group "${d.group}" of topic "${d.topic}" has a subscription already.`,
    help: 'Close the other one first; groups are shared only where capabilities.sharedGroups says so.',
  }),
  cannotReplay: entry({
    code: 'FEED_CANNOT_REPLAY',
    kind: 'not-implemented',
    message: (d: { address: string }) => `"${d.address}" cannot go back to an instant.`,
    help: 'Ask capabilities.replay first. Google Pub/Sub can; its emulators lose the content of what they deliver again, or end.',
  }),
})
