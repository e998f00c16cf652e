// Readings of descriptor files in SQL, by file, with the stamp of the file that was read.
import type { Ctx } from '@rondo/context'
import type { Relational } from '@rondo/relational'
import type { FileReading } from '../files/read-descriptor-files.ts'
import type { CatalogTables } from './catalog-tables.ts'

export type ReadingStore = {
  list(): Promise<Map<string, FileReading>>
  /** Writes what is new in `now`, and forgets what is no longer in it. */
  change(before: ReadonlyMap<string, FileReading>, now: ReadonlyMap<string, FileReading>, ctx: Ctx): Promise<void>
}

const rowsAStatement = 100

export function createReadingStore(relational: Relational<CatalogTables>): ReadingStore {
  return {
    list: async () => new Map((await relational.db.selectFrom('reading').select(['file', 'reading']).execute()).map((row) => [row.file, JSON.parse(row.reading) as FileReading])),
    async change(before, now, ctx) {
      const changed = [...now.values()].filter(({ file, stamp }) => before.get(file)?.stamp !== stamp)
      const gone = [...new Set([...[...before.keys()].filter((file) => !now.has(file)), ...changed.map(({ file }) => file)])]
      if (gone.length === 0) return
      await relational.transaction(async (tx) => {
        for (let at = 0; at < gone.length; at += rowsAStatement) await tx.deleteFrom('reading').where('file', 'in', gone.slice(at, at + rowsAStatement)).execute()
        for (let at = 0; at < changed.length; at += rowsAStatement) {
          await tx.insertInto('reading').values(changed.slice(at, at + rowsAStatement).map((reading) => ({ file: reading.file, stamp: reading.stamp, reading: JSON.stringify(reading) }))).execute()
        }
      }, ctx)
    },
  }
}
