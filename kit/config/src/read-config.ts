// Configuration is checked once, at the edge, and every complaint names the file and the field.
import { AppError } from '@rondo/errors'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

/** The value as its type, or CONFIG_INVALID naming `file` and the field that is wrong. Unknown fields are refused when the schema says so. */
export function readConfig<S extends TSchema>(schema: S, value: unknown, file: string): Static<S> {
  const validator = Compile(schema)
  if (validator.Check(value)) return value as Static<S>
  const [first] = validator.Errors(value)
  const params = first?.params as { additionalProperties?: string[] } | undefined
  const unknown = first?.keyword === 'additionalProperties' ? ` (unknown: ${(params?.additionalProperties ?? []).map((name) => `"${name}"`).join(', ')})` : ''
  const field = (first?.instancePath ?? '').slice(1).replaceAll('/', '.')
  throw new AppError({
    code: 'CONFIG_INVALID',
    kind: 'invalid',
    message: `${file}: ${field === '' ? 'the configuration' : `"${field}"`} ${first?.message ?? 'is wrong'}${unknown}.`,
    details: { file, field },
    help: 'See interfaces in the README for the fields of rondo.config.ts.',
  })
}
