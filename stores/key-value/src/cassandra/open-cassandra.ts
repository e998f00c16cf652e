// The driver for more than one machine: Cassandra, one table for each namespace.
//
// Entries of one call and one partition are one unlogged batch, which Cassandra applies as a single mutation: all or none, seen together. Its limits for batches
// (batch_size_fail_threshold, 50 KiB) are for those of several partitions, which are never sent (CASSANDRA-10876); what remains is the size of a mutation.
import type { Ctx } from '@rondo/context'
import { systemClock, type Clock } from '@rondo/time'
import type { CallOptions } from '../engine/calls.ts'
import { TOGETHER_LIMIT_BYTES, checkTogether, groupByPartition } from '../engine/group-by-partition.ts'
import { createTurns } from '../engine/turns.ts'
import { checkEntry, checkKey, checkPartition } from '../limits.ts'
import type { Entry, Key, KeyValue, KeyValueOptions } from '../port.ts'
import { connect } from './connect.ts'
import { loadCassandra } from './load-cassandra.ts'
import { parseCassandraAddress } from './parse-cassandra-address.ts'
import { prepareKeyspace, readSurvivesPowerLoss } from './prepare-keyspace.ts'
import { putIf } from './put-if.ts'
import { get, getTogether, scan } from './read-partition.ts'
import { removeExpired } from './remove-expired.ts'
import { createSession, type Statement } from './session.ts'
import { DELETED, NEVER, describeTable } from './table.ts'
import { createWriteClock } from './write-clock.ts'

export type CassandraOptions = KeyValueOptions &
  CallOptions & {
    /** The machine's own clock, which orders writes. */
    machineClock?: Clock
  }

/** A key may take what is left of a mutation. */
const MAX_VALUE_BYTES = TOGETHER_LIMIT_BYTES - 4_096

/** Cassandra's own end of a value is later than the store's: it only clears away, and clocks differ. */
const TTL_GRACE_S = 24 * 60 * 60
/** Twenty years; and until 5.0 stores what lives beyond 2038, it refuses that. */
const TTL_LIMIT_S = 20 * 365 * 24 * 60 * 60
const LAST_EXPIRY_S = 2 ** 31 - 2

/** Throws `BAD_STORE_ADDRESS`, `PACKAGE_MISSING`, `KEY_VALUE_UNREACHABLE`, `LOGIN_REFUSED`, `KEY_VALUE_TOO_OLD`, `KEYSPACE_MISSING`, `TABLE_DIFFERS`, `CLOCKS_APART`. */
export async function openCassandra(address: string, { clock, namespace = '', machineClock = systemClock, ...options }: CassandraOptions): Promise<KeyValue> {
  const settings = parseCassandraAddress(address)
  const library = await loadCassandra()
  const connected = await connect(library, settings, () => machineClock.now())
  const table = describeTable(settings.keyspace, namespace)
  let survivesPowerLoss: boolean
  try {
    await prepareKeyspace(connected.client, settings, table)
    survivesPowerLoss = await readSurvivesPowerLoss(connected.client)
  } catch (thrown) {
    await connected.shutDown()
    throw thrown
  }
  const session = createSession(connected, settings, options)
  const nowMs = (): number => clock.now()
  const writeClock = createWriteClock(() => machineClock.now(), options.random.next())
  const parts = { library, session, table, nowMs, shown: settings.shown, serial: library.types.consistencies[settings.consistency.startsWith('local') ? 'localSerial' : 'serial'] }
  const turns = createTurns()

  /** Zero: none. With a simulated clock there is none either: only that clock says what has expired. */
  const toTtlSeconds = (ttlMs: number | undefined): number => {
    if (ttlMs === undefined || clock !== systemClock) return 0
    const seconds = Math.ceil(ttlMs / 1_000) + TTL_GRACE_S
    return seconds > TTL_LIMIT_S || machineClock.now() / 1_000 + seconds > LAST_EXPIRY_S ? 0 : seconds
  }
  const writePartition = ([first, ...more]: Statement[], timestampUs: number, ctx: Ctx): Promise<unknown> => {
    if (first === undefined) return Promise.resolve()
    return more.length === 0 ? session.execute(first, { timestamp: timestampUs }, ctx) : session.batch([first, ...more], timestampUs, ctx)
  }
  const write = async (partitions: Statement[][], timestampUs: number, ctx: Ctx): Promise<void> => {
    const [only = []] = partitions
    await (partitions.length <= 1 ? writePartition(only, timestampUs, ctx) : Promise.all(partitions.map((statements) => writePartition(statements, timestampUs, ctx))))
  }

  return {
    capabilities: { readsOwnWrites: !settings.consistency.toLowerCase().endsWith('one'), survivesPowerLoss, maxValueBytes: MAX_VALUE_BYTES, maxTogetherBytes: TOGETHER_LIMIT_BYTES, maxPartitionBytes: Infinity },

    async get(key, ctx) {
      session.check(ctx)
      checkKey(key)
      return get(parts, key.partition, key.sort, ctx)
    },
    async getMany(keys, ctx) {
      session.check(ctx)
      keys.forEach(checkKey)
      const groups = [...groupByPartition(keys)]
      if (groups.length === keys.length) return Promise.all(keys.map(({ partition, sort }) => get(parts, partition, sort, ctx)))
      const found = new Map(await Promise.all(groups.map(async ([partition, group]) => [partition, await getTogether(parts, partition, group.map(({ sort }) => sort), ctx)] as const)))
      return keys.map(({ partition, sort }) => found.get(partition)?.get(sort))
    },
    async putMany(entries, { ttlMs }, ctx) {
      session.check(ctx)
      for (const entry of entries) checkEntry(entry, MAX_VALUE_BYTES)
      const groups = groupByPartition(entries)
      for (const [partition, group] of groups) checkTogether(partition, group)
      const writtenUs = writeClock.next()
      const expiresMs = ttlMs === undefined ? NEVER : Math.ceil(nowMs() + ttlMs)
      const ttlSeconds = toTtlSeconds(ttlMs)
      const toStatements = ({ partition, sort, value: given }: Entry): Statement[] => {
        const value = Buffer.from(given)
        if (ttlSeconds === 0) return [{ query: table.put, params: [value, expiresMs, writtenUs, partition, sort] }]
        return [
          { query: table.putValueExpiring, params: [ttlSeconds, value, partition, sort] },
          { query: table.putMarks, params: [expiresMs, writtenUs, partition, sort] },
        ]
      }
      await write(Array.from(groups.values(), (group) => group.flatMap(toStatements)), writtenUs, ctx)
    },
    async putIf(entry, expected, ctx) {
      session.check(ctx)
      checkEntry(entry, MAX_VALUE_BYTES)
      const kept = { ...entry, value: Buffer.from(entry.value) }
      const wanted = expected === undefined ? undefined : Buffer.from(expected)
      // Paxos over one partition lets one through at a time; those of this process need not race for it.
      return turns(entry.partition, () => putIf(parts, kept, wanted, ctx), ctx)
    },
    async deleteMany(keys, ctx) {
      session.check(ctx)
      keys.forEach(checkKey)
      const writtenUs = writeClock.next()
      const toStatement = ({ partition, sort }: Key): Statement => ({ query: table.put, params: [Buffer.alloc(0), DELETED, writtenUs, partition, sort] })
      await write(Array.from(groupByPartition(keys).values(), (group) => group.map(toStatement)), writtenUs, ctx)
    },
    async scan(range, ctx) {
      session.check(ctx)
      checkPartition(range.partition)
      return scan(parts, range, ctx)
    },
    async removeExpired(ctx) {
      session.check(ctx)
      return removeExpired(parts, ctx)
    },
    ready: (ctx) => session.ask({ query: table.probe, params: [] }, ctx),
    close: () => session.close(),
  }
}
