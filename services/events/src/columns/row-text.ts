// A row of columns as the line of JSON that a sender would have written: for the careful path, which finds the words for what is wrong.
import { isUtf8 } from 'node:buffer'
import { toIso } from '@rondo/time'
import type { ArrowBatch, ArrowColumn, ArrowField } from './arrow-types.ts'
import { isValid, readFloat, readInteger, sliceText } from './cells.ts'
import { ENVELOPE, findProperty } from './column-plan.ts'

const LAST_MS = 253_402_300_799_999

/** As JSON; undefined for no value. What JSON has no word for (NaN, bytes that are no text) stands there all the same. */
export function writeCell(column: ArrowColumn, row: number): Buffer | undefined {
  if (!isValid(column, row)) return undefined
  const { dictionary, type, values } = column
  if (dictionary !== undefined) return writeCell(dictionary, column.places?.[row] ?? 0)
  switch (type.kind) {
    case 'text': {
      const text = sliceText(column, row)
      return isUtf8(text) ? Buffer.from(JSON.stringify(text.toString('utf8'))) : Buffer.concat([QUOTE, text.map((byte) => (byte < 32 ? 32 : byte)), QUOTE])
    }
    case 'integer':
      return Buffer.from(String(readInteger(column, row)))
    case 'float':
      return Buffer.from(String(readFloat(column, row)))
    case 'boolean':
      return Buffer.from(String((((values[row >> 3] as number) >> (row & 7)) & 1) !== 0))
    case 'timestamp': {
      const ms = Math.floor(Number(readInteger({ ...column, type: { kind: 'integer', bytes: 8, signed: true } }, row)) / type.perMs)
      return Buffer.from(ms <= LAST_MS && ms >= -LAST_MS ? `"${toIso(ms)}"` : String(ms))
    }
    case 'null':
      return undefined
  }
}

const QUOTE = Buffer.from('"')

/** `typeName`: of all rows, where no column tells it. One line, without its end; its fields stand in the order in which columns are written too. */
export function writeRow(fields: ArrowField[], { columns }: ArrowBatch, row: number, typeName: string | undefined): Buffer {
  const parts: Buffer[] = []
  for (const name of ENVELOPE) {
    const at = fields.findIndex((field) => field.name === name)
    const cell = name === 'type' && typeName !== undefined ? Buffer.from(JSON.stringify(typeName)) : at < 0 ? undefined : writeCell(columns[at] as ArrowColumn, row)
    if (cell !== undefined) parts.push(Buffer.concat([Buffer.from(`"${name}":`), cell]))
  }
  const properties: Buffer[] = []
  for (const [at, { name }] of fields.entries()) {
    const property = findProperty(name)
    const cell = property === undefined ? undefined : writeCell(columns[at] as ArrowColumn, row)
    if (cell !== undefined) properties.push(Buffer.concat([Buffer.from(`${JSON.stringify(property)}:`), cell]))
  }
  return Buffer.concat([Buffer.from('{'), join([...parts, Buffer.concat([Buffer.from('"properties":{'), join(properties), Buffer.from('}')])]), Buffer.from('}')])
}

function join(parts: Buffer[]): Buffer {
  return Buffer.concat(parts.flatMap((part, i) => (i === 0 ? [part] : [COMMA, part])))
}

const COMMA = Buffer.from(',')
