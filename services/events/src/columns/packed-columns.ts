// Events that came as columns, as the log keeps them: the checked cells of many rows, and what has to stand around them to make each the JSON that it stands for.
//
//   body    := headBytes u32 | head (JSON, UTF-8) | section*                                       all numbers little-endian
//   head    := [segment…]
//   segment := [prefix] | [prefix, "opening"] | [prefix, role, form of value]                      a section follows for each of the last kind, in their order
//   section := form u8 | width u8 | nulls u8 | shared u8 | bytes u32 of what follows | entries u32 | [a bit a row, 1 where there is a value, if nulls is 1] | data
//   data    := nothing                                                                             form 0: no row has a value
//            | what all begin with (shared bytes) | length (width bytes) × rows | texts            form 1: texts
//            | 16 bytes × rows                                                                     form 2: UUIDs in lower case
//            | length u16 × entries | texts | place (width bytes) × rows                           form 3: places of entries; width 0: the first
//            | least i64 | more than that (width bytes) × rows                                     form 4: integers; width 0: the least
//
// A row is its segments one behind the other: a prefix alone, or a prefix and the row's value, and neither where it has none. The first property behind "opening" stands
// without the comma that its prefix begins with. The key of a record is the user, else the anonymous user, else the id.
// This is what "columns-1" means for ever: another form gets another name, and this expander stays.
import type { ColumnRole, Segment } from './column-plan.ts'

export const PACKED_COLUMNS = 'columns-1'
/** No row is larger, in bytes of key and value. */
export const MAX_PACKED_ROW_BYTES = 65_536 + 256

/** How a value is written: as JSON text (without escapes: what needs them is never packed), as it stands, or as what a number means. */
export type ValueForm = 'text' | 'bare' | 'integer' | 'boolean' | 'instant'

/** `forms`: of the columns among `segments`, by place; those without one are left out. */
export function encodePackedHead(segments: readonly Segment[], forms: readonly (ValueForm | undefined)[]): Buffer {
  const parts = segments.flatMap((segment, i): string[][] => {
    if (!('at' in segment)) return [segment.opening === true ? [segment.prefix, 'opening'] : [segment.prefix]]
    const form = forms[i]
    return form === undefined ? [] : [[segment.prefix, segment.role, form]]
  })
  const text = Buffer.from(JSON.stringify(parts))
  const head = Buffer.allocUnsafe(4 + text.byteLength)
  head.writeUInt32LE(text.byteLength, 0)
  text.copy(head, 4)
  return head
}

export type HeadSegment = { prefix: Buffer; isOpening: boolean; role: ColumnRole | undefined; form: ValueForm | undefined }

/** Where the sections begin, and what stands around them. Throws for what is none. */
export function decodePackedHead(body: Buffer): { segments: HeadSegment[]; end: number } {
  const end = 4 + body.readUInt32LE(0)
  if (end > body.byteLength) throw new Error('its head ends too late')
  const parts = JSON.parse(body.toString('utf8', 4, end)) as string[][]
  const segments = parts.map(([prefix = '', role, form]) => ({
    prefix: Buffer.from(prefix),
    isOpening: role === 'opening',
    role: form === undefined ? undefined : (role as ColumnRole),
    form: form as ValueForm | undefined,
  }))
  return { segments, end }
}
