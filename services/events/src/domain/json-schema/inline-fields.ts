// A schema whose fields say themselves what they are: references of its own fields are followed, so that columns and the quick check see them.
import { isRecord } from '@rondo/contract'
import { follow, type Json } from './references.ts'

/** Takes the same values as `schema`, which was taken by `findSchemaFault`. The same object when no field refers to anything. */
export function inlineFields(schema: Json): Json {
  const { properties } = schema
  if (!isRecord(properties)) return schema
  const entries = Object.entries(properties)
  if (!entries.some(([, field]) => isRecord(field) && field['$ref'] !== undefined)) return withoutUnused(schema)
  return withoutUnused({ ...schema, properties: Object.fromEntries(entries.map(([name, field]) => [name, isRecord(field) ? follow(schema, field) : field])) })
}

/** Definitions that nothing refers to any more would only hide how plain the rest is. */
function withoutUnused(schema: Json): Json {
  const { $defs, definitions, ...rest } = schema
  return ($defs === undefined && definitions === undefined) || JSON.stringify(rest).includes('"$ref"') ? schema : rest
}
