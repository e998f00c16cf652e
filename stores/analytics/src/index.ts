// SQL over Parquet: the port, and the way to open it.
export type { Analytics, Cell, Column, OpenSealed, Packed, Parameters, QueryOptions, Rows, Sealed, Table } from './port.ts'
export { openAnalytics, type AnalyticsOptions } from './open-analytics.ts'
export type { RemoteFile, RemoteFiles } from './remote-files.ts'
