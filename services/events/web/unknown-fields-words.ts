// Which fields of events nobody reads, in words.
import type { TypeRow } from '@rondo/events/contract'
import { formatCount } from '@rondo/ui/format'

const SHOWN = 5

/** "user_id in 1,200 (did you mean userId?), source in 3. Counted since the server began." */
export function sayUnknownFields(fields: NonNullable<TypeRow['unknownFields']>): string {
  const said = fields.slice(0, SHOWN).map(({ field, count, meant }) => `${field} in ${formatCount(count)}${meant === null ? '' : ` (did you mean ${meant}?)`}`)
  return `${said.join(', ')}${fields.length > SHOWN ? ` and ${fields.length - SHOWN} more` : ''}. Counted since the server began; what stands in them is lost, so put it into properties or context.`
}
