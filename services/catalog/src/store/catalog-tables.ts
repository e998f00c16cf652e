// The tables of the catalog room.
export type CatalogTables = {
  last_good: { file: string; ref: string; line: number; entity: string }
  reading: { file: string; stamp: string; reading: string }
  location: { id: string; type: string; target: string }
}
