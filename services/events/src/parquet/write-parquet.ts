// Writes columns of cells as a Parquet file: zstd, statistics, a dictionary where it pays.
import { zstdCompressSync } from 'node:zlib'
import type { ColumnChunk, SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer'
import { writePageHeader } from 'hyparquet-writer/src/datapage.js'
import type { Cells } from './cells.ts'
import { createScratch, encodeCells, type EncodedColumn } from './encode-cells.ts'

export type FileColumn = {
  name: string
  type: 'STRING' | 'BYTE_ARRAY' | 'INT64' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP'
  nullable: boolean
  cells: Cells
  /** Without a dictionary: values that hardly ever repeat. */
  plain?: true
  /** Smallest and largest are in the file unless this is false. */
  statistics?: false
}

/** Below this a compressor costs more than it saves. */
const COMPRESS_FROM_ROWS = 400

/** What comes out of the compressor lies in one piece. */
const LEAST_CHUNK_BYTES = 1024

/** `order`: the rows as they stand in the file. */
export function writeParquet(columns: FileColumn[], order: Int32Array, rowGroupRows: number): Uint8Array<ArrayBuffer> {
  const schema = schemaFromColumnData({ columnData: columns.map(({ name, type, nullable }) => ({ name, type, nullable, data: [] })) })
  const codec = order.length >= COMPRESS_FROM_ROWS ? 'ZSTD' : 'UNCOMPRESSED'
  const writer = new ByteWriter(order.length * 64 + 4_096)
  const file = new ParquetWriter({ writer, schema, codec, createdBy: 'rondo' })
  const scratch = createScratch(Math.min(order.length, rowGroupRows))
  for (let from = 0; from < order.length; from += rowGroupRows) {
    const to = Math.min(order.length, from + rowGroupRows)
    const groupAt = writer.offset
    const chunks = columns.map((column, i) => {
      const form = { nullable: column.nullable, isDouble: column.type === 'DOUBLE', plain: column.plain === true, statistics: column.statistics !== false }
      return writeChunk(writer, schema[i + 1] as SchemaElement, codec, to - from, encodeCells(column.cells, order, from, to, form, scratch), form.statistics)
    })
    const rows = BigInt(to - from)
    file.num_rows += rows
    file.row_groups.push({
      columns: chunks,
      total_byte_size: chunks.reduce((sum, { meta_data }) => sum + (meta_data?.total_uncompressed_size ?? 0n), 0n),
      num_rows: rows,
      total_compressed_size: BigInt(writer.offset - groupAt),
    })
  }
  void file.finish()
  return new Uint8Array(writer.getBuffer())
}

/** The places 0, 1, 2 … */
export function toIdentity(rows: number): Int32Array {
  const order = new Int32Array(rows)
  for (let row = 0; row < rows; row += 1) order[row] = row
  return order
}

function writeChunk(writer: ByteWriter, element: SchemaElement, codec: 'ZSTD' | 'UNCOMPRESSED', rows: number, column: EncodedColumn, statistics: boolean): ColumnChunk {
  const { encoding, dictionary, pages, nulls, low, high } = column
  const startAt = writer.offset
  let uncompressedBytes = 0
  const compress = (bytes: Uint8Array): Uint8Array => (codec === 'ZSTD' ? zstdCompressSync(bytes, { chunkSize: Math.max(LEAST_CHUNK_BYTES, bytes.byteLength) }) : bytes)
  if (dictionary !== undefined) {
    const bytes = compress(dictionary.body)
    const headerAt = writer.offset
    writePageHeader(writer, { type: 'DICTIONARY_PAGE', uncompressed_page_size: dictionary.body.byteLength, compressed_page_size: bytes.byteLength, dictionary_page_header: { num_values: dictionary.entries, encoding: 'PLAIN' } })
    uncompressedBytes += writer.offset - headerAt + dictionary.body.byteLength
    writer.appendBytes(bytes)
  }
  const dataAt = writer.offset
  for (const page of pages) {
    const bytes = compress(page.body)
    const headerAt = writer.offset
    writePageHeader(writer, {
      type: 'DATA_PAGE_V2',
      uncompressed_page_size: page.levels.byteLength + page.body.byteLength,
      compressed_page_size: page.levels.byteLength + bytes.byteLength,
      data_page_header_v2: {
        num_values: page.rows,
        num_nulls: page.nulls,
        num_rows: page.rows,
        encoding,
        definition_levels_byte_length: page.levels.byteLength,
        repetition_levels_byte_length: 0,
        is_compressed: true,
      },
    })
    uncompressedBytes += writer.offset - headerAt + page.levels.byteLength + page.body.byteLength
    writer.appendBytes(page.levels)
    writer.appendBytes(bytes)
  }
  return {
    file_offset: BigInt(startAt),
    meta_data: {
      type: element.type ?? 'BYTE_ARRAY',
      encodings: dictionary === undefined ? [encoding] : ['PLAIN', encoding],
      path_in_schema: [element.name],
      codec,
      num_values: BigInt(rows),
      total_compressed_size: BigInt(writer.offset - startAt),
      total_uncompressed_size: BigInt(uncompressedBytes),
      data_page_offset: BigInt(dataAt),
      dictionary_page_offset: dictionary === undefined ? undefined : BigInt(startAt),
      ...(statistics ? { statistics: { min_value: low, max_value: high, null_count: BigInt(nulls) } } : {}),
    },
  }
}
