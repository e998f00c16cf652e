// Variables of the environment are configuration like any other: named in one schema, checked once, passed on as a value.
import { AppError } from '@rondo/errors'
import type { Static, TObject } from 'typebox'
import { Compile } from 'typebox/compile'

/** The variables that the schema names, all of them texts. An empty one counts as absent. Throws CONFIG_INVALID naming the variable, never its value. */
export function readEnvironment<S extends TObject>(schema: S, environment: Readonly<Record<string, string | undefined>>): Static<S> {
  const given = Object.fromEntries(Object.keys(schema.properties).flatMap((name) => (environment[name] === undefined || environment[name] === '' ? [] : [[name, environment[name]]])))
  const validator = Compile(schema)
  if (validator.Check(given)) return given as Static<S>
  const [first] = validator.Errors(given)
  const variable = first?.instancePath.slice(1) ?? ''
  throw new AppError({ code: 'CONFIG_INVALID', kind: 'invalid', message: `The environment variable ${variable} ${first?.message ?? 'is wrong'}.`, details: { variable }, help: 'Set it otherwise, or unset it.' })
}
