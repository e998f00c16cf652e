// Everything a workspace can define, as plain data: what a file exports by default is one of these, or a list of them.
import type { Schema, Static } from './schema.ts'

export type EventDefinition = {
  kind: 'event'
  /** Kebab case, e.g. "track-played". */
  name: string
  /** SchemaVer MODEL-REVISION-ADDITION, e.g. "1-0-0". */
  version: string
  owner: string
  description?: string
  slo: 'gold' | 'silver' | 'bronze'
  /** "90d" */
  retention: string
  schema: Schema<unknown>
}

export type Personal = 'none' | 'narrow' | 'strict'

export type Column = { name: string; type: 'string' | 'integer' | 'number' | 'boolean' | 'timestamp'; personal: Personal; description?: string }

export type Check =
  | { rule: 'not-null'; column: string; maxShare?: number; action: 'block' | 'warn' }
  | { rule: 'unique'; columns: string[]; action: 'block' | 'warn' }
  | { rule: 'range'; column: string; min?: number; max?: number; action: 'block' | 'warn' }
  | { rule: 'min-rows'; rows: number; action: 'block' | 'warn' }

export type EndpointDefinition = {
  kind: 'endpoint'
  name: string
  owner: string
  description: string
  partition: 'hourly' | 'daily' | 'weekly' | 'none'
  /** Columns that name one row. */
  key: string[]
  columns: Column[]
  retention: string
  slo: { landsWithinMinutes: number }
  checks?: Check[]
}

/** `same`: the input's partitions that lie inside the output's partition. `trailing`: so many of the input's own partitions ending with the last inside it. */
export type InputDefinition = { endpoint: string; partitions?: 'same' | { trailing: number } }

export type PipelineDefinition = {
  kind: 'pipeline'
  name: string
  owner: string
  description: string
  /** Name of the endpoint that it fills. */
  output: string
  /** SQL alias → input. */
  inputs: Record<string, InputDefinition>
  /** One SELECT in DuckDB's dialect over the aliases. `$start` and `$end` are the instants of the partition, `$partition` its name. */
  sql: string
}

export type MetricDefinition = {
  kind: 'metric'
  name: string
  owner: string
  description: string
  /** `mean`: of the column's sum per unit; `proportion`: share of units whose sum is above zero. */
  type: 'mean' | 'proportion'
  /** A daily endpoint with one row a unit and day. */
  endpoint: string
  unit: string
  column: string
  better: 'higher' | 'lower'
  /** Shown with the figures, e.g. "min". */
  unitLabel?: string
  /** Smallest relative change worth knowing of, 0–1; what power is computed for. Default 0.05. */
  minimumEffect?: number
}

export type Criterion =
  | { attribute: string; eq?: string | number | boolean; in?: (string | number | boolean)[]; range?: { min?: number; max?: number }; startsWith?: string; endsWith?: string; contains?: string }
  | { and: Criterion[] }
  | { or: Criterion[] }
  | { not: Criterion }
  | { segment: string }

export type FlagRule = { name?: string; when?: Criterion; assign: { variant: string; share: number }[] | 'client-default' | 'fall-through' }

export type FlagDefinition = {
  kind: 'flag'
  key: string
  owner: string
  description?: string
  /** JSON Schema of a variant's value, an object. */
  schema: Schema<unknown>
  variants: Record<string, Record<string, unknown>>
  /** Client names that may resolve it; "*" is all. */
  clients: string[]
  rules: FlagRule[]
}

export type ExperimentDefinition = {
  kind: 'experiment'
  id: string
  owner: string
  hypothesis: string
  flag: string
  control: string
  treatments: string[]
  /** Share of units in the experiment, 0–1, split evenly over control and treatments. */
  share: number
  when?: Criterion
  success: string[]
  /** `margin`: how much worse, relative to control, is still acceptable, 0–1. */
  guardrails: { metric: string; margin: number }[]
  watched?: string[]
  /** Planned length; the decision is made at its end unless a guardrail trips. */
  days: number
  /** Chance of a wrong win, over all looks. Default 0.05. */
  alpha?: number
  /** Starts by itself when it is first loaded, or so many days after: an experiment needs a baseline as much as a treatment. */
  autoStart?: boolean | { afterDays: number }
}

export type Definition = EventDefinition | EndpointDefinition | PipelineDefinition | MetricDefinition | FlagDefinition | ExperimentDefinition

type Without<T> = Omit<T, 'kind'>

/** An event definition that remembers its name and the type of its properties. */
export type TypedEvent<Name extends string, Properties> = EventDefinition & { name: Name; schema: Schema<Properties> }

/** Event type → its properties, of a list of definitions: `createRondo<EventsOf<typeof definitions>>(…)`. */
export type EventsOf<Definitions extends readonly EventDefinition[]> = { [Event in Definitions[number] as Event['name']]: Static<Event['schema']> & object }

export const defineEvent = <const Name extends string, Properties>(definition: Without<EventDefinition> & { name: Name; schema: Schema<Properties> }): TypedEvent<Name, Properties> => ({ kind: 'event', ...definition })
export const defineEndpoint = (definition: Without<EndpointDefinition>): EndpointDefinition => ({ kind: 'endpoint', ...definition })
export const definePipeline = (definition: Without<PipelineDefinition>): PipelineDefinition => ({ kind: 'pipeline', ...definition })
export const defineMetric = (definition: Without<MetricDefinition>): MetricDefinition => ({ kind: 'metric', ...definition })
export const defineFlag = (definition: Without<FlagDefinition>): FlagDefinition => ({ kind: 'flag', ...definition })
export const defineExperiment = (definition: Without<ExperimentDefinition>): ExperimentDefinition => ({ kind: 'experiment', ...definition })
