// An event type at work: its models, each with a validator compiled at its first event, and the columns of its buckets.
import { isRecord } from '@rondo/contract'
import { Compile } from 'typebox/compile'
import { namesInherited, toBare } from './bare-properties.ts'
import { findColumns, type BucketColumn } from './bucket-columns.ts'
import { findFlatSchema, type FlatSchema } from './flat-schema.ts'
import { inlineFields } from './json-schema/inline-fields.ts'
import { computeSeed } from './id-fingerprint.ts'
import { findPersonalPlan, type PersonalPlan } from './personal-part.ts'
import { compareVersions, parseVersion } from './schema-version.ts'
import { show } from './show-value.ts'
import { findPlainPart } from './slow-patterns.ts'

export type TypeDefinition = {
  name: string
  version: string
  owner: string
  description?: string
  slo: 'gold' | 'silver' | 'bronze'
  retention: string
  schema: Record<string, unknown>
}

/** What is wrong with the properties of an event; `rule` groups like failures, `reason` names path, value and rule. */
export type Violation = { rule: string; reason: string }

/** The newest version of one MODEL: what events of that model are checked against. */
export type Model = {
  version: string
  definition: TypeDefinition
  schema: Record<string, unknown>
  readonly flat: FlatSchema | undefined
  findViolation(properties: Record<string, unknown>): Violation | undefined
  /** Whether the schema names such a field. */
  declares(field: string): boolean
}

export type EventType = {
  name: string
  nameBytes: Uint8Array
  /** Of the fingerprints of its ids. */
  seed: number
  definition: TypeDefinition
  versions: string[]
  current: Model
  currentVersionBytes: Uint8Array
  /** Found at the first question, as each model's `flat` is: a type that nobody uses costs nothing. */
  readonly columns: BucketColumn[]
  readonly personal: PersonalPlan
  /** The model that a version belongs to, which need not be registered itself; undefined when that MODEL was never registered. */
  findModel(version: string): Model | undefined
}

/** `given`: every version ever put; the highest is the current one, and each MODEL's highest its model. */
export function createEventType(given: TypeDefinition[]): EventType {
  const history = given.toSorted((a, b) => compareVersions(a.version, b.version))
  const definition = history.at(-1) as TypeDefinition
  const models = new Map<number, Model>()
  for (const entry of history) models.set(parseVersion(entry.version).model, createModel(entry))
  const current = models.get(parseVersion(definition.version).model) as Model
  let columns: BucketColumn[] | undefined
  let personal: PersonalPlan | undefined
  return {
    name: definition.name,
    nameBytes: toBytes(definition.name),
    seed: computeSeed(definition.name),
    definition,
    versions: history.map((entry) => entry.version),
    current,
    currentVersionBytes: toBytes(definition.version),
    get columns() {
      return (columns ??= findColumns([...models.values()].map((model) => inlineFields(model.schema))))
    },
    get personal() {
      return (personal ??= findPersonalPlan(this.columns))
    },
    findModel: (version) => {
      const parsed = /^[1-9]\d*-\d+-\d+$/.test(version) ? parseVersion(version) : undefined
      return parsed === undefined ? undefined : models.get(parsed.model)
    },
  }
}

function createModel(definition: TypeDefinition): Model {
  const { name, version, schema } = definition
  let validator: ReturnType<typeof Compile> | undefined
  let plain: ReturnType<typeof Compile> | 'same' | undefined
  let inherits: boolean | undefined
  let flat: { of: FlatSchema | undefined } | undefined
  return {
    version,
    definition,
    schema,
    get flat() {
      return (flat ??= { of: findFlatSchema(inlineFields(schema)) }).of
    },
    declares(field) {
      const { properties } = schema
      return isRecord(properties) && Object.hasOwn(properties, field)
    },
    findViolation(sent) {
      validator ??= Compile(schema)
      inherits ??= namesInherited(schema)
      const properties = inherits ? (toBare(sent) as Record<string, unknown>) : sent
      if (validator.Check(properties)) return undefined
      // The search for reasons does not stop at the first: a pattern must not get to see a text that is too long for it.
      plain ??= compilePlain(schema)
      const found = plain === 'same' ? [] : plain.Errors(properties)
      return describe(found.length > 0 ? found : validator.Errors(properties), properties, `${name} ${version}`)
    },
  }
}

function compilePlain(schema: Record<string, unknown>): ReturnType<typeof Compile> | 'same' {
  const plain = findPlainPart(schema)
  return plain === undefined ? 'same' : Compile(plain)
}

type SchemaError = { keyword: string; instancePath: string; params: unknown; message: string }

/** The first failure in words: path, offending value, rule. */
function describe(found: SchemaError[], properties: Record<string, unknown>, schemaName: string): Violation {
  const failure = found.find((error) => error.keyword === 'required') ?? found.find((error) => error.keyword !== 'boolean') ?? found[0]
  if (failure === undefined) return { rule: 'schema', reason: `properties do not fit ${schemaName}.` }
  const params = failure.params as Record<string, unknown>
  const base = `properties${failure.instancePath}`
  if (failure.keyword === 'required') {
    const holder = valueAt(properties, failure.instancePath) as Record<string, unknown>
    const missing = (params['requiredProperties'] as string[]).filter((name) => !Object.hasOwn(holder, name))
    return { rule: `${base}/${missing[0]} required`, reason: `${base}/${missing.join(`, ${base}/`)} is missing (required by ${schemaName}).` }
  }
  if (failure.keyword === 'additionalProperties') {
    const extra = (params['additionalProperties'] as string[])[0] ?? ''
    return { rule: `${base} additionalProperties`, reason: `${base}/${extra} is not a field of ${schemaName} (additionalProperties).` }
  }
  const value = show(valueAt(properties, failure.instancePath))
  const allowed = failure.keyword === 'enum' ? `: ${(params['allowedValues'] as unknown[]).map(show).join(', ')}` : ''
  return { rule: `${base} ${failure.keyword}`, reason: `${base} is ${value}: ${failure.message}${allowed} (${failure.keyword}).` }
}

function valueAt(root: unknown, pointer: string): unknown {
  let value = root
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    value = (value as Record<string, unknown> | undefined)?.[key]
  }
  return value
}

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0))
}
