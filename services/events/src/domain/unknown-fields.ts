// Fields that stand beside those of our own wire, and which of them somebody may have meant. Nothing reads them: what is in them is lost.
import { listClosest } from '@rondo/errors'

const FIELDS = ['id', 'type', 'version', 'occurredAt', 'sentAt', 'userId', 'anonymousId', 'properties', 'context']
const KNOWN: ReadonlySet<string> = new Set([...FIELDS, 'sealed'])

/** What other systems call the same, without case, "_" and "-". */
const ALSO_CALLED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    id: ['eventid', 'messageid', 'uuid', 'insertid'],
    type: ['event', 'eventtype', 'eventname', 'name'],
    version: ['schemaversion'],
    occurredAt: ['timestamp', 'time', 'ts', 'at', 'eventtime', 'originaltimestamp', 'createdat', 'date', 'datetime'],
    sentAt: ['sendtime'],
    userId: ['user', 'uid', 'subject', 'customerid', 'distinctid'],
    anonymousId: ['deviceid', 'visitorid', 'anonid', 'clientid', 'sessionid'],
    properties: ['props', 'data', 'payload', 'attributes', 'params', 'traits', 'body'],
    context: ['meta', 'metadata', 'ctx'],
  }).flatMap(([field, names]) => [field.toLowerCase(), ...names].map((name): [string, string] => [name, field])),
)

/** Of one event; names longer than this are cut. */
const MOST_NAMED = 5
const NAME_LENGTH = 64

/** Names of the first few; undefined without any. */
export function listUnknownFields(fields: Record<string, unknown>): string[] | undefined {
  let names: string[] | undefined
  for (const name in fields) {
    if (KNOWN.has(name)) continue
    if (names === undefined) names = []
    if (names.length === MOST_NAMED) break
    names.push(name.slice(0, NAME_LENGTH).toWellFormed())
  }
  return names
}

/** The field that such a name stands for elsewhere, or is a slip of; undefined when nothing is near. */
export function findMeant(name: string): string | undefined {
  const plain = name.replaceAll(/[_-]/g, '').toLowerCase()
  return ALSO_CALLED.get(plain) ?? listClosest(name, FIELDS)[0]
}

export function sayUnknownField(name: string): string {
  const meant = findMeant(name)
  return `unknown field ${JSON.stringify(name)}, which is not kept${meant === undefined ? '' : `: did you mean ${meant}?`}`
}
