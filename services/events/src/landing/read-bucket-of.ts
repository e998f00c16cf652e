// The rows of one user in a bucket file: which key sealed them, and whether something personal stands in the clear.
import { zstdDecompressSync } from 'node:zlib'
import { parquetMetadataAsync, parquetReadObjects, parquetSchema, type AsyncBuffer } from 'hyparquet'
import { SEALED_BY } from '../domain/bucket-columns.ts'
import type { EventType } from '../domain/event-type.ts'
import { takePersonal, type Wire } from '../domain/personal-part.ts'
import { HOUSE, type Room } from '../room.ts'
import { isPacked } from '../store/bucket-store.ts'

export type RowOf = { sealedBy: string | undefined; plain: boolean }

export async function readBucketOf(room: Room, type: EventType, key: string, user: string): Promise<RowOf[]> {
  const { objects } = room.deps
  const info = await objects.find(key, HOUSE)
  if (info === undefined) return []
  const file: AsyncBuffer = {
    byteLength: info.sizeBytes,
    async slice(start, end = info.sizeBytes) {
      const bytes = await objects.get(key, { range: { start: start < 0 ? info.sizeBytes + start : start, end } }, HOUSE)
      return Uint8Array.from(bytes).buffer
    },
  }
  const metadata = await parquetMetadataAsync(file)
  const personal = type.columns.filter((column) => column.property !== undefined && !type.personal.clear.has(column.property))
  const packed = isPacked({ key })
  const wanted = ['userId', 'anonymousId', 'context', SEALED_BY, 'properties', ...(packed ? ['type', 'cells'] : []), ...personal.map(({ name }) => name)]
  const there = new Set(parquetSchema(metadata).children.map(({ element }) => element.name))
  const rows = await parquetReadObjects({ file, metadata, columns: wanted.filter((name) => there.has(name)), compressors: { ZSTD: (input) => zstdDecompressSync(input) } })
  return rows.flatMap((found): RowOf[] => {
    const { userId, anonymousId, context } = found
    if ((userId ?? anonymousId) !== user || (packed && found['type'] !== type.name)) return []
    const row = packed ? { ...found, ...(JSON.parse(String(found['cells'])) as Record<string, unknown>) } : found
    const properties = Object.fromEntries(personal.flatMap(({ name, property }) => (row[name] === null || row[name] === undefined ? [] : [[property ?? name, row[name]]])))
    if (typeof row['properties'] === 'string') Object.assign(properties, { unnamed: true })
    const wire: Wire = { userId, anonymousId, properties, ...(typeof context === 'string' ? { context: JSON.parse(context) as unknown } : {}) }
    return [{ sealedBy: typeof row[SEALED_BY] === 'string' ? row[SEALED_BY] : undefined, plain: takePersonal(wire, type.personal).part !== undefined }]
  })
}
