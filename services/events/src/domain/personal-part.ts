// What of an event is personal: it is taken out of the record and sealed as one, and put back for those who may read it.
//
//   record := {…envelope, properties: those in the clear, context: {client}, sealed: {key, data}}
//   sealed := {p: personal properties, c: the whole context}            (each only when there is something)
import { isRecord } from '@rondo/contract'
import { UNNAMED, type BucketColumn } from './bucket-columns.ts'

/** `holds`: some property of the type is personal, or may be. `clear`: those that are not; all others are sealed. */
export type PersonalPlan = { holds: boolean; clear: ReadonlySet<string> }
export type PersonalPart = { p?: Record<string, unknown>; c?: Record<string, unknown> }
export type Wire = Record<string, unknown>

/** The only part of a context that says nothing of a person: which client sent this, and the number it gave. */
const CLIENT = 'client'

export function findPersonalPlan(columns: BucketColumn[]): PersonalPlan {
  const properties = columns.filter((column) => column.property !== undefined || column.name === UNNAMED)
  return {
    holds: properties.some(({ personal }) => personal !== 'none'),
    clear: new Set(properties.flatMap(({ personal, property }) => (personal === 'none' && property !== undefined ? [property] : []))),
  }
}

/** `part` is undefined when nothing is personal; then `rest` is the event itself. A property that only repeats who the event is of stays: the envelope says the same beside it. */
export function takePersonal(wire: Wire, { clear }: PersonalPlan): { rest: Wire; part: PersonalPart | undefined } {
  const { properties, context, userId, anonymousId } = wire
  const part: PersonalPart = {}
  const rest: Wire = { ...wire }
  if (isRecord(properties)) {
    const kept: Record<string, unknown> = {}
    const taken: Record<string, unknown> = {}
    let isTaken = false
    for (const name of Object.keys(properties)) {
      const value = properties[name]
      const stays = clear.has(name) || value === null || (typeof value === 'string' && (value === userId || value === anonymousId))
      put(stays ? kept : taken, name, value)
      isTaken ||= !stays
    }
    if (isTaken) {
      rest['properties'] = kept
      part.p = taken
    }
  }
  if (isRecord(context) && Object.keys(context).some((name) => name !== CLIENT)) {
    part.c = context
    if (CLIENT in context) rest['context'] = { [CLIENT]: context[CLIENT] }
    else delete rest['context']
  }
  return part.p === undefined && part.c === undefined ? { rest: wire, part: undefined } : { rest, part }
}

/** Also a name such as "__proto__" becomes a property of its own. */
function put(into: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true })
}
