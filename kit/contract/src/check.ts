// Input is checked at the edge against the route's schemas, the same way for both transports.
import { AppError } from '@rondo/errors'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Convert, Default } from 'typebox/value'
import type { Route } from './contract.ts'

const compiled = new WeakMap<TSchema, ReturnType<typeof Compile>>()

/** Throws `INVALID_INPUT` naming where the value is wrong. Schemas are compiled at their first use. */
export function checkValue(schema: TSchema, value: unknown, where: string): void {
  let validator = compiled.get(schema)
  if (validator === undefined) {
    validator = Compile(schema)
    compiled.set(schema, validator)
  }
  if (validator.Check(value)) return
  const faults = validator.Errors(value)
  const [first] = faults
  const path = first?.instancePath === undefined || first.instancePath === '' ? where : `${where}${first.instancePath}`
  throw new AppError({
    code: 'INVALID_INPUT',
    kind: 'invalid',
    message: `${path} ${first?.keyword === 'const' ? sayChoices(faults, first.instancePath) : (first?.message ?? 'is wrong')}.`,
    details: { path, keyword: first?.keyword, params: first?.params },
  })
}

/** Which values there are to choose from at a place. */
function sayChoices(faults: { keyword: string; instancePath: string; params: unknown }[], place: string): string {
  const choices = faults.flatMap(({ keyword, instancePath, params }) => (keyword === 'const' && instancePath === place ? [JSON.stringify((params as { allowedValue: unknown }).allowedValue)] : []))
  return choices.length === 1 ? `must be ${choices[0]}` : `must be one of ${choices.join(', ')}`
}

/** Strings of path and query become the numbers and booleans that the schema names; defaults are filled in. */
export function readFields(schema: TSchema | undefined, raw: Record<string, unknown>, where: string): Record<string, unknown> {
  if (schema === undefined) return {}
  const value = Default(schema, Convert(schema, { ...raw }))
  checkValue(schema, value, where)
  return value as Record<string, unknown>
}

/** The flat input of a route, checked: used by the in-process client, where nothing is text. */
export function checkInput(route: Route, input: Record<string, unknown>): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [schema, where] of [[route.params, 'path'], [route.query, 'query']] as const) {
    if (schema === undefined) continue
    const picked: Record<string, unknown> = {}
    for (const name of Object.keys(schema.properties)) if (input[name] !== undefined) picked[name] = input[name]
    Object.assign(fields, readFields(schema, picked, where))
  }
  if (route.body !== undefined) {
    checkValue(route.body, input['body'], 'body')
    fields['body'] = input['body']
  }
  return fields
}

