// The tables of the catalog room.
export type CatalogTables = {
  last_good: { file: string; ref: string; line: number; entity: string }
  location: { id: string; type: string; target: string }
}
