// The driver for Google's Bigtable: one table for each namespace, one row for each partition (docs/adr/0011-a-partition-is-a-bigtable-row.md).
//
// Bigtable changes one row at a time as one, so what one call writes of one partition is there or not, and a condition is decided on its row.
import { randomBytes } from 'node:crypto'
import type { Ctx } from '@rondo/context'
import { systemClock, type Clock } from '@rondo/time'
import { ANSWERS_WITHIN_MS, createCalls, type CallOptions } from '../engine/calls.ts'
import { TOGETHER_LIMIT_BYTES, checkTogether, groupByPartition } from '../engine/group-by-partition.ts'
import { createTurns } from '../engine/turns.ts'
import { untilAnswered } from '../engine/until-answered.ts'
import { errors } from '../errors.ts'
import { checkEntry, checkKey, checkPartition } from '../limits.ts'
import type { Key, KeyValue, KeyValueOptions } from '../port.ts'
import { createBigtableClient, type Mutation } from './bigtable-client.ts'
import { isPassing, toBigtableError } from './bigtable-failure.ts'
import { DELETED, FAMILY, NEVER, toCellBytes, toQualifier } from './cells.ts'
import { loadBigtable } from './load-bigtable.ts'
import { parseBigtableAddress } from './parse-bigtable-address.ts'
import { OWN_ROW, checkClock, prepareTable, toTableId } from './prepare-table.ts'
import { putIf } from './put-if.ts'
import { get, getMany, scan } from './read-partition.ts'
import { removeExpired } from './remove-expired.ts'
import { writeRows } from './write-rows.ts'
import { createWriteClock } from './write-clock.ts'

export type BigtableOptions = KeyValueOptions &
  CallOptions & {
    /** The machine's own clock, which orders writes. */
    machineClock?: Clock
  }

/** A key and what goes before the value may take what is left of a mutation. */
const MAX_VALUE_BYTES = TOGETHER_LIMIT_BYTES - 4_096
/** Bigtable reads and writes no row beyond it, with what waits to be cleared away. */
const MAX_PARTITION_BYTES = 256 * 1024 * 1024

/** Throws `BAD_STORE_ADDRESS`, `PACKAGE_MISSING`, `KEY_VALUE_UNREACHABLE`, `LOGIN_REFUSED`, `INSTANCE_MISSING`, `TABLE_DIFFERS`, `CLOCKS_APART`. */
export async function openBigtable(address: string, { clock, namespace = '', machineClock = systemClock, ...options }: BigtableOptions): Promise<KeyValue> {
  const settings = parseBigtableAddress(address)
  const { shown, timeoutMs } = settings
  const library = await loadBigtable()
  const tableId = toTableId(namespace)
  const withinMs = Math.min(timeoutMs, ANSWERS_WITHIN_MS)
  // The library begins with who we are; all that can fail there is that it does not find out.
  const client = await createBigtableClient(library, settings, tableId).catch((thrown: unknown) => {
    throw errors.rightsMissing({ shown, reason: (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.$/, '') }, thrown)
  })
  try {
    await prepareTable(library, settings, tableId, withinMs)
    await untilAnswered(checkClock(client, shown, () => machineClock.now()), withinMs, shown)
  } catch (thrown) {
    await client.close()
    throw toBigtableError(thrown, shown)
  }
  const calls = createCalls({ ...settings, isPassing, toError: (thrown) => toBigtableError(thrown, shown) }, options)
  const writeClock = createWriteClock(() => machineClock.now())
  const nextId = createIds()
  const nowMs = (): number => clock.now()
  const parts = { client, calls, nowMs, shown, writeClock, nextId }
  const turns = createTurns()

  const write = async <K extends Key>(groups: Map<string, K[]>, toValue: (key: K) => Buffer, ctx: Ctx): Promise<void> => {
    if (groups.size === 0) return
    const timestampMicros = writeClock.next(groups.keys()) * 1_000
    const toMutation = (key: K): Mutation => ({ setCell: { familyName: FAMILY, columnQualifier: toQualifier(key.sort), timestampMicros, value: toValue(key) } })
    await writeRows(parts, Array.from(groups, ([row, keys]) => ({ row, mutations: keys.map(toMutation) })), ctx)
  }

  return {
    // The emulator writes nothing to a disk.
    capabilities: { readsOwnWrites: true, survivesPowerLoss: settings.emulator === undefined, maxValueBytes: MAX_VALUE_BYTES, maxTogetherBytes: TOGETHER_LIMIT_BYTES, maxPartitionBytes: MAX_PARTITION_BYTES },

    async get(key, ctx) {
      calls.check(ctx)
      checkKey(key)
      return get(parts, key, ctx)
    },
    async getMany(keys, ctx) {
      calls.check(ctx)
      keys.forEach(checkKey)
      return getMany(parts, keys, ctx)
    },
    async putMany(entries, { ttlMs }, ctx) {
      calls.check(ctx)
      for (const entry of entries) checkEntry(entry, MAX_VALUE_BYTES)
      const groups = groupByPartition(entries)
      for (const [partition, group] of groups) checkTogether(partition, group)
      const expiresMs = ttlMs === undefined ? NEVER : nowMs() + ttlMs
      const ids = [nextId()]
      await write(groups, ({ value }) => toCellBytes({ expiresMs, ids, isWhole: false, value }), ctx)
    },
    async putIf(entry, expected, ctx) {
      calls.check(ctx)
      checkEntry(entry, MAX_VALUE_BYTES)
      const kept = { ...entry, value: Buffer.from(entry.value) }
      const wanted = expected === undefined ? undefined : Buffer.from(expected)
      // Those of this process need not race for one entry.
      return turns(`${entry.partition}\0${entry.sort}`, () => putIf(parts, kept, wanted, ctx), ctx)
    },
    async deleteMany(keys, ctx) {
      calls.check(ctx)
      keys.forEach(checkKey)
      const deleted = toCellBytes({ expiresMs: DELETED, ids: [nextId()], isWhole: false, value: new Uint8Array(0) })
      await write(groupByPartition(keys), () => deleted, ctx)
    },
    async scan(range, ctx) {
      calls.check(ctx)
      checkPartition(range.partition)
      return scan(parts, range, ctx)
    },
    async removeExpired(ctx) {
      calls.check(ctx)
      return removeExpired(parts, ctx)
    },
    ready: (ctx) => calls.ask(ctx, () => client.readCells({ rowKeys: [Buffer.from(OWN_ROW)] }, { cellsPerRowLimitFilter: 1 })),
    close: () => calls.close(() => client.close()),
  }
}

/** Eight bytes in hexadecimal: five of this store, three that count. */
function createIds(): () => string {
  const own = randomBytes(5).toString('hex')
  let count = 0
  return () => {
    count = (count + 1) % 0x1000000
    return own + count.toString(16).padStart(6, '0')
  }
}
