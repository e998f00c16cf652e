// Every error of this store in one table, whatever the engine.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  badAddress: entry({
    code: 'BAD_STORE_ADDRESS',
    kind: 'invalid',
    message: (d: { address: string; reason?: string }) => `"${d.address}" is no address of a key-value store${d.reason === undefined ? '' : `: ${d.reason}`}.`,
    help: 'Write "lmdb:./folder", "cassandra://user:password@host:9042/keyspace" with special characters percent-encoded, "bigtable://project/instance", or "memory:" for one that is gone with the process.',
  }),
  badNamespace: entry({
    code: 'BAD_NAMESPACE',
    kind: 'invalid',
    message: (d: { namespace: string }) => `"${d.namespace}" is no namespace.`,
    help: 'Use lower-case letters, digits and "-", at most 40.',
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
  tooLargeTogether: entry({
    code: 'BATCH_TOO_LARGE',
    kind: 'too-large',
    message: (d: { partition: string; sizeBytes: number; limitBytes: number }) =>
      `The entries of partition "${d.partition}" in one call have ${d.sizeBytes} bytes with their keys; ${d.limitBytes} are the most that this store writes together.`,
    help: 'Write them in several calls, each of which is seen whole or not at all.',
  }),
  packageMissing: entry({
    code: 'PACKAGE_MISSING',
    kind: 'unavailable',
    message: (d: { engine: string; packages: string[] }) => `${d.engine} needs a package that is not installed: ${d.packages.join(', ')}.`,
    help: (d) => `npm install ${d.packages.join(' ')}`,
  }),
  unreachable: entry({
    code: 'KEY_VALUE_UNREACHABLE',
    kind: 'unavailable',
    message: (d: { shown: string; reason: string }) => `The key-value store "${d.shown}" does not answer: ${d.reason}.`,
    help: 'Check the hosts and the port in the address, that the engine runs there, and tls=0 or tls=1.',
  }),
  loginRefused: entry({
    code: 'LOGIN_REFUSED',
    kind: 'unavailable',
    message: (d: { shown: string; reason: string }) => `The key-value store "${d.shown}" does not let us in: ${d.reason}.`,
    help: 'Check user and password in the address (special characters percent-encoded), and what that user may do in the keyspace: SELECT and MODIFY, and CREATE at the first start.',
  }),
  rightsMissing: entry({
    code: 'LOGIN_REFUSED',
    kind: 'unavailable',
    message: (d: { shown: string; reason: string }) => `The key-value store "${d.shown}" does not let us in: ${d.reason}.`,
    help: 'Set GOOGLE_APPLICATION_CREDENTIALS to the key of an account with the role roles/bigtable.user, and roles/bigtable.admin at the first start, or name an emulator in the address (?emulator=host:port).',
  }),
  instanceMissing: entry({
    code: 'INSTANCE_MISSING',
    kind: 'unavailable',
    message: (d: { shown: string; reason: string }) => `There is no instance as "${d.shown}" names it: ${d.reason}.`,
    help: 'Check project and instance in the address, or make it: gcloud bigtable instances create INSTANCE --cluster-config=id=CLUSTER,zone=ZONE --display-name=NAME',
  }),
  familyMissing: entry({
    code: 'TABLE_DIFFERS',
    kind: 'unavailable',
    message: (d: { table: string; shown: string; family: string }) => `The table ${d.table} at "${d.shown}" is another than this program makes: it has no column family "${d.family}".`,
    help: (d) => `If it belongs to something else, use another instance; if nothing in it is needed, delete it (cbt deletetable ${d.table}): the next start makes it.`,
  }),
  tooOld: entry({
    code: 'KEY_VALUE_TOO_OLD',
    kind: 'unavailable',
    message: (d: { shown: string; engine: string; version: string; least: string }) => `The key-value store "${d.shown}" is ${d.engine} ${d.version}.`,
    help: (d) => `Upgrade it to ${d.engine} ${d.least} or newer.`,
  }),
  keyspaceMissing: entry({
    code: 'KEYSPACE_MISSING',
    kind: 'unavailable',
    message: (d: { shown: string; keyspace: string; datacenter: string }) => `There is no keyspace "${d.keyspace}" at "${d.shown}".`,
    help: (d) =>
      `Add "?replication=3" to the address to have it made with three copies, or make it: CREATE KEYSPACE ${d.keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', '${d.datacenter}': 3}`,
  }),
  tableDiffers: entry({
    code: 'TABLE_DIFFERS',
    kind: 'unavailable',
    message: (d: { table: string; shown: string; difference: string }) => `The table ${d.table} at "${d.shown}" is another than this program makes: ${d.difference}.`,
    help: (d) => `If it belongs to something else, use another keyspace; if nothing in it is needed, TRUNCATE and then DROP TABLE ${d.table}: the next start makes it.`,
  }),
  clocksApart: entry({
    code: 'CLOCKS_APART',
    kind: 'unavailable',
    message: (d: { shown: string; apartMs: number }) => `The clock of this machine and that of "${d.shown}" are ${Math.round(d.apartMs / 1000)} seconds apart.`,
    help: 'Of two writes to one key the later by the clocks stays, so run NTP (chrony, systemd-timesyncd) on all of these machines, then start again.',
  }),
  outcomeUnknown: entry({
    code: 'OUTCOME_UNKNOWN',
    kind: 'unavailable',
    message: (d: { partition: string; sort: string; shown: string }) =>
      `Whether "${d.partition}" / "${d.sort}" was written cannot be known: the answer of "${d.shown}" was lost, and others have written it since.`,
    help: 'Read the value and decide again.',
  }),
  refused: entry({
    code: 'KEY_VALUE_FAILED',
    kind: 'internal',
    message: (d: { shown: string; reason: string }) => `The key-value store "${d.shown}" refused a request: ${d.reason}.`,
  }),
})
