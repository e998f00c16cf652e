// The table of a namespace is there, of the shape that this program knows, and the clocks agree.
import { errors } from '../errors.ts'
import { isMissing, isThereAlready, toBigtableError } from './bigtable-failure.ts'
import { toClientOptions, type BigtableClient } from './bigtable-client.ts'
import { FAMILY } from './cells.ts'
import type { BigtableLibrary } from './load-bigtable.ts'
import type { BigtableSettings } from './parse-bigtable-address.ts'

/** Clocks that are set by NTP differ by milliseconds. */
const APART_MS = 10_000
/** No partition has a NUL, so this row is nobody's. */
export const OWN_ROW = '\0clock'
const SCHEMA_VIEW = 2
const CREATE_MS = 60_000

/** `namespace` as `openKeyValue` lets it be. */
export function toTableId(namespace: string): string {
  return namespace === '' ? 'kv' : `kv-${namespace}`
}

/** Throws `INSTANCE_MISSING`, `TABLE_DIFFERS`, `LOGIN_REFUSED`, `KEY_VALUE_UNREACHABLE`. */
export async function prepareTable({ Bigtable, v2 }: BigtableLibrary, settings: BigtableSettings, tableId: string, withinMs: number): Promise<void> {
  const { shown, project, instance } = settings
  const parent = `projects/${project}/instances/${instance}`
  const admin = new v2.BigtableTableAdminClient(new Bigtable(toClientOptions(settings)).options.BigtableTableAdminClient)
  const options = { timeout: withinMs, retry: null }
  const find = async (): Promise<boolean> => {
    try {
      const [{ columnFamilies }] = await admin.getTable({ name: `${parent}/tables/${tableId}`, view: SCHEMA_VIEW }, options)
      if (!columnFamilies?.[FAMILY]) throw errors.familyMissing({ table: tableId, shown, family: FAMILY })
      return true
    } catch (thrown) {
      if (isMissing(thrown)) return false
      throw thrown
    }
  }
  try {
    if (await find()) return
    // The store reads the newest cell of a column; Bigtable clears the others away.
    const table = { columnFamilies: { [FAMILY]: { gcRule: { maxNumVersions: 1 } } } }
    await admin.createTable({ parent, tableId, table }, { ...options, timeout: CREATE_MS }).catch((thrown: unknown) => {
      if (isMissing(thrown)) throw errors.instanceMissing({ shown, reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown)
      if (!isThereAlready(thrown)) throw thrown
    })
    await find()
  } catch (thrown) {
    throw toBigtableError(thrown, shown)
  } finally {
    await admin.close()
  }
}

/** Throws `CLOCKS_APART`. */
export async function checkClock(client: BigtableClient, shown: string, machineNowMs: () => number): Promise<void> {
  const beforeMs = machineNowMs()
  await client.mutateRow(OWN_ROW, [{ deleteFromRow: {} }, { setCell: { familyName: FAMILY, columnQualifier: Buffer.from('c'), timestampMicros: -1, value: Buffer.alloc(9) } }])
  const afterMs = machineNowMs()
  const [cell] = await client.readCells({ rowKeys: [Buffer.from(OWN_ROW)] }, { cellsPerRowLimitFilter: 1 })
  const serverMs = cell === undefined ? beforeMs : cell.timestampUs / 1_000
  const apartMs = Math.max(beforeMs - serverMs, serverMs - afterMs)
  if (apartMs > APART_MS) throw errors.clocksApart({ shown, apartMs })
}
