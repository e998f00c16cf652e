// What can be seen wrong in a set of definitions before any room is asked: shape, duplicates, and names that lead nowhere.
import type { Definition } from 'rondo'
import { Type, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { WorkspaceProblem } from '../contract.ts'
import { toName, type Located } from './workspace.ts'

const Name = Type.String({ pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' })
const Owner = Type.String({ minLength: 1 })
const Json = Type.Object({}, { additionalProperties: true })
const named = { name: Name, owner: Owner }

const SHAPES: Record<Definition['kind'], TSchema> = {
  event: Type.Object({ ...named, version: Type.String({ pattern: '^\\d+-\\d+-\\d+$' }), slo: Type.Enum(['gold', 'silver', 'bronze']), retention: Type.String({ pattern: '^\\d+d$' }), schema: Json }),
  endpoint: Type.Object({ ...named, description: Type.String(), partition: Type.Enum(['hourly', 'daily', 'weekly', 'none']), key: Type.Array(Type.String()), columns: Type.Array(Json, { minItems: 1 }), retention: Type.String({ pattern: '^\\d+d$' }), slo: Json }),
  pipeline: Type.Object({ ...named, description: Type.String(), output: Name, inputs: Type.Record(Type.String(), Type.Object({ endpoint: Name })), sql: Type.String({ minLength: 1 }) }),
  metric: Type.Object({ ...named, description: Type.String(), type: Type.Enum(['mean', 'proportion']), endpoint: Name, unit: Type.String(), column: Type.String(), better: Type.Enum(['higher', 'lower']) }),
  flag: Type.Object({ key: Type.String({ minLength: 1 }), owner: Owner, schema: Json, variants: Type.Record(Type.String(), Json), clients: Type.Array(Type.String()), rules: Type.Array(Json) }),
  experiment: Type.Object({
    id: Name, owner: Owner, hypothesis: Type.String({ minLength: 1 }), flag: Type.String(), control: Type.String(), treatments: Type.Array(Type.String(), { minItems: 1 }),
    share: Type.Number({ exclusiveMinimum: 0, maximum: 1 }), success: Type.Array(Name, { minItems: 1 }), guardrails: Type.Array(Type.Object({ metric: Name, margin: Type.Number({ minimum: 0, maximum: 1 }) })), days: Type.Integer({ minimum: 1 }),
  }),
}

export function checkDefinitions(located: Located[]): WorkspaceProblem[] {
  const problems: WorkspaceProblem[] = []
  const right: Located[] = []
  for (const one of located) {
    const complaint = findShapeProblem(one.definition)
    if (complaint === undefined) right.push(one)
    else problems.push({ file: one.file, line: one.line, message: complaint })
  }
  return [...problems, ...findDuplicates(right), ...findDeadReferences(right)]
}

function findShapeProblem(definition: Definition): string | undefined {
  const shape = SHAPES[definition.kind] as TSchema | undefined
  if (shape === undefined) return `"${String(definition.kind)}" is no kind of definition.`
  const [first] = Compile(shape).Errors(definition)
  if (first === undefined) return undefined
  const field = first.instancePath.slice(1).replaceAll('/', '.')
  return `${definition.kind} "${toName(definition)}": ${field === '' ? '' : `"${field}" `}${first.message}.`
}

function findDuplicates(located: Located[]): WorkspaceProblem[] {
  const seen = new Map<string, Located>()
  const problems: WorkspaceProblem[] = []
  for (const one of located) {
    const { definition } = one
    // Event types and endpoints share one space of names: every event type is an endpoint.
    const key = `${definition.kind === 'event' ? 'endpoint' : definition.kind} ${toName(definition)}`
    const first = seen.get(key)
    if (first === undefined) seen.set(key, one)
    else problems.push({ file: one.file, line: one.line, message: `${definition.kind} "${toName(definition)}" is defined twice; first in ${first.file}:${first.line}.`, help: 'Rename one of them.' })
  }
  return problems
}

function findDeadReferences(located: Located[]): WorkspaceProblem[] {
  const names = (...kinds: Definition['kind'][]): Set<string> => new Set(located.filter(({ definition }) => kinds.includes(definition.kind)).map(({ definition }) => toName(definition)))
  const endpoints = names('event', 'endpoint')
  const metrics = names('metric')
  const flags = new Map(located.flatMap(({ definition }) => (definition.kind === 'flag' ? [[definition.key, definition] as const] : [])))
  return located.flatMap(({ definition, file, line }): WorkspaceProblem[] => {
    const missing = (what: string, name: string, known: Iterable<string>): WorkspaceProblem => ({ file, line, message: `${definition.kind} "${toName(definition)}" names the ${what} "${name}", which is not defined.`, help: `Known: ${[...known].sort().join(', ') || 'none'}.` })
    if (definition.kind === 'pipeline') {
      return [...Object.values(definition.inputs).map((input) => input.endpoint), definition.output].filter((name) => !endpoints.has(name)).map((name) => missing('endpoint', name, endpoints))
    }
    if (definition.kind === 'metric') return endpoints.has(definition.endpoint) ? [] : [missing('endpoint', definition.endpoint, endpoints)]
    if (definition.kind === 'experiment') {
      const flag = flags.get(definition.flag)
      if (flag === undefined) return [missing('flag', definition.flag, flags.keys())]
      const variants = Object.keys(flag.variants)
      return [
        ...[definition.control, ...definition.treatments].filter((variant) => !variants.includes(variant)).map((variant) => missing(`variant of flag "${flag.key}"`, variant, variants)),
        ...[...definition.success, ...definition.guardrails.map((guardrail) => guardrail.metric), ...(definition.watched ?? [])].filter((metric) => !metrics.has(metric)).map((metric) => missing('metric', metric, metrics)),
      ]
    }
    return []
  })
}
