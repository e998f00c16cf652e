// Every error of this store in one table, whatever the engine.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  badAddress: entry({
    code: 'BAD_STORE_ADDRESS',
    kind: 'invalid',
    message: (d: { address: string }) => `"${d.address}" is no address of an analytics engine.`,
    help: 'Write "duckdb:" for the embedded one, with options as in "duckdb:?memoryMb=2048&spillMb=50000&cacheMb=50000&threads=4&concurrency=2".',
  }),
  /** `position` counts characters from 0, `line` and `column` from 1. */
  invalid: entry({
    code: 'SQL_INVALID',
    kind: 'invalid',
    message: (d: { reason: string; position?: number; line?: number; column?: number }) =>
      d.line === undefined ? d.reason : `${d.reason} (line ${d.line}, column ${d.column})`,
  }),
  refused: entry({
    code: 'SQL_REFUSED',
    kind: 'forbidden',
    message: (d: { what: string; why: string }) => `The query may not use ${d.what}: ${d.why}.`,
    help: 'Write one SELECT over the datasets by their names.',
  }),
  unknownTable: entry({
    code: 'SQL_REFUSED',
    kind: 'forbidden',
    message: (d: { table: string; known: string[] }) =>
      `No dataset is called "${d.table}" here. ${d.known.length === 0 ? 'None is given to this query.' : `There are "${d.known.slice(0, 20).join('", "')}".`}`,
    help: 'Files, catalog tables and other databases cannot be read; name a dataset.',
  }),
  timeout: entry({
    code: 'SQL_TIMEOUT',
    kind: 'too-large',
    message: (d: { timeoutMs: number }) => `The query ran longer than ${d.timeoutMs} ms and was stopped.`,
    help: 'Read fewer partitions or columns, or give it more time.',
  }),
  memory: entry({
    code: 'SQL_TOO_LARGE',
    kind: 'too-large',
    message: (d: { reason: string }) => `The query needs more memory than it may have: ${d.reason}`,
    help: 'Aggregate earlier, read fewer partitions, or open the engine with more memory ("duckdb:?memoryMb=2048").',
  }),
  spill: entry({
    code: 'SQL_TOO_LARGE',
    kind: 'too-large',
    message: (d: { reason: string }) => `The query needs more room on disk than queries may have beside their memory: ${d.reason}`,
    help: 'Aggregate earlier, read fewer partitions, or open the engine with more ("duckdb:?spillMb=50000", of all queries together).',
  }),
  cache: entry({
    code: 'SQL_TOO_LARGE',
    kind: 'too-large',
    message: (d: { files: number; sizeMb: number; limitMb: number }) => `The query reads ${d.files} files of ${d.sizeMb} MB from the object store; ${d.limitMb} MB may be kept on this machine.`,
    help: 'Read fewer partitions, or open the engine with more ("duckdb:?cacheMb=50000").',
  }),
  unrepeatable: entry({
    code: 'SQL_UNREPEATABLE',
    kind: 'invalid',
    message: (d: { call: string; why: string; line: number; column: number }) => `The query uses ${d.call}, which ${d.why} (line ${d.line}, column ${d.column}).`,
    help: 'Take what varies from the rows or from parameters.',
  }),
  badTable: entry({
    code: 'BAD_TABLE',
    kind: 'invalid',
    message: (d: { table: string; reason: string }) => `The dataset "${d.table}" cannot be read: ${d.reason}.`,
  }),
  badParameter: entry({
    code: 'SQL_INVALID',
    kind: 'invalid',
    message: (d: { parameter: string; reason: string }) => `The parameter "${d.parameter}" ${d.reason}.`,
  }),
  files: entry({
    code: 'DATA_UNREADABLE',
    kind: 'unavailable',
    message: (d: { reason: string }) => `A file of the data could not be read or written: ${d.reason}`,
  }),
  full: entry({
    code: 'STORAGE_FULL',
    kind: 'storage-full',
    message: (d: { reason: string }) => `No space is left for the result or for what the query spills: ${d.reason}`,
    help: 'Free space on that volume, then try again.',
  }),
  failed: entry({ code: 'ANALYTICS_FAILED', kind: 'internal', message: (d: { reason: string }) => `The analytics engine failed: ${d.reason}` }),
  closed: entry({ code: 'STORE_CLOSED', kind: 'unavailable', message: (_: Record<string, never>) => 'The analytics engine is closed.' }),
})
