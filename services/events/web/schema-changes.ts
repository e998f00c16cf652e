// A change between two versions of a schema, as people say it.
import { isRecord } from '@rondo/contract'
import type { SchemaChange } from '@rondo/events/contract'

export const classMeans: Record<SchemaChange['class'], string> = {
  MODEL: 'What was taken may be refused now: senders of the model before are checked by the model before.',
  REVISION: 'More is taken, or something is read differently.',
  ADDITION: 'A new optional field: nobody who sends has to do anything.',
}

const ruleNames: Record<string, string> = { minimum: 'at least', maximum: 'at most', minLength: 'characters at least', maxLength: 'characters at most', minItems: 'items at least', maxItems: 'items at most', enum: 'one of', personal: 'personal', type: 'type', pattern: 'matches', format: 'written as', required: 'required', additionalProperties: 'fields it does not name', description: 'meaning', const: 'always' }

/** `field`: "playedMs", nested ones by their way; `says`: "at least: 0 → 1", "new: integer, personal none", "gone". */
export function sayChange({ path, was, is, why }: Pick<SchemaChange, 'path' | 'was' | 'is' | 'why'>): { field: string; says: string } {
  const parts = path.replace(/^schema\.?/, '').split('.')
  const keyword = parts.at(-1) ?? ''
  if (was === 'optional' || was === 'required') return { field: parts.join('.'), says: `became ${say(is)}` }
  if (Object.hasOwn(ruleNames, keyword) && parts.length > 0 && !isRecord(was ?? is)) {
    const field = parts.slice(0, -1).join('.') || 'the whole event'
    const rule = ruleNames[keyword] ?? keyword
    if (was === undefined) return { field, says: `${rule}: ${say(is)}, new` }
    return { field, says: is === undefined ? `${rule}: ${say(was)}, lifted` : `${rule}: ${say(was)} → ${say(is)}` }
  }
  const field = parts.join('.') || 'the whole event'
  if (was === undefined) return { field, says: `new: ${say(is)}` }
  if (is === undefined) return { field, says: `gone; it was ${say(was)}` }
  return { field, says: why }
}

function say(value: unknown): string {
  if (isRecord(value)) return [typeof value['type'] === 'string' ? value['type'] : Array.isArray(value['enum']) ? `one of ${value['enum'].map(String).join(', ')}` : 'a field', ...(typeof value['personal'] === 'string' ? [`personal: ${value['personal']}`] : [])].join(', ')
  if (Array.isArray(value)) return value.map(say).join(', ')
  return value === false ? 'not allowed' : value === true ? 'allowed' : String(value)
}
