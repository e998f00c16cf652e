// What was read of an Arrow IPC stream: its fields, and its batches as views of the request.

export type ArrowType =
  | { kind: 'text'; large: boolean }
  | { kind: 'integer'; bytes: 1 | 2 | 4 | 8; signed: boolean }
  | { kind: 'float'; bytes: 4 | 8 }
  | { kind: 'boolean' }
  /** `perMs`: how many of its units are a millisecond; 0.001 for seconds. */
  | { kind: 'timestamp'; perMs: number }
  | { kind: 'null' }

export type ArrowField = { name: string; type: ArrowType; dictionary: { id: number; index: ArrowType & { kind: 'integer' } } | undefined }

/** One column of one batch. `values` are texts, numbers or bits as they came; `offsets` of texts have one more than there are rows. */
export type ArrowColumn = {
  type: ArrowType
  rows: number
  /** A bit a row, 1 where there is a value; undefined: in all. */
  valid: Uint8Array | undefined
  values: Uint8Array
  offsets: Uint32Array | undefined
  /** Where `places` of each row are places; those of rows without a value may be any. */
  dictionary: ArrowColumn | undefined
  places: Int32Array | undefined
}

export type ArrowBatch = { rows: number; columns: ArrowColumn[] }

/** `type`: what the schema's metadata says under that name. */
export type ArrowStream = { fields: ArrowField[]; type: string | undefined; batches: ArrowBatch[] }
