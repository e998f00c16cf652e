// The door of the pipelines room: data endpoints, the pipelines that fill them, their partitions, runs and lineage, as plain data.
import { defineContract, orNull, Pulse, rowsOf, State } from '@rondo/contract'
import { Type, type Static } from 'typebox'

const Name = Type.String({ minLength: 1, maxLength: 128, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' })
const Instant = Type.String({ description: 'ISO 8601, UTC' })
const Alias = Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_-]*$', maxLength: 128 })
const CheckAction = Type.Enum(['block', 'warn'])

export const PartitionKind = Type.Enum(['hourly', 'daily', 'weekly', 'none'])
export const Personal = Type.Enum(['none', 'narrow', 'strict'])

export const ColumnDefinition = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 128 }),
  type: Type.Enum(['string', 'integer', 'number', 'boolean', 'timestamp']),
  /** Declared for every column; its absence is refused with the endpoint's and the column's name. */
  personal: Type.Optional(Personal),
  description: Type.Optional(Type.String()),
})

export const CheckDefinition = Type.Union([
  Type.Object({ rule: Type.Literal('not-null'), column: Type.String(), maxShare: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })), action: CheckAction }),
  Type.Object({ rule: Type.Literal('unique'), columns: Type.Array(Type.String(), { minItems: 1 }), action: CheckAction }),
  Type.Object({ rule: Type.Literal('range'), column: Type.String(), min: Type.Optional(Type.Number()), max: Type.Optional(Type.Number()), action: CheckAction }),
  Type.Object({ rule: Type.Literal('min-rows'), rows: Type.Integer({ minimum: 0 }), action: CheckAction }),
])

/** What `defineEndpoint` of the authoring package gives. */
export const EndpointDefinition = Type.Object({
  kind: Type.Optional(Type.Literal('endpoint')),
  name: Name,
  owner: Type.String({ minLength: 1 }),
  description: Type.String(),
  partition: PartitionKind,
  key: Type.Array(Type.String()),
  columns: Type.Array(ColumnDefinition, { minItems: 1 }),
  retention: Type.String({ description: 'Hours, days, weeks or years, e.g. "90d"', pattern: '^[1-9][0-9]*[hdwy]$' }),
  slo: Type.Object({ landsWithinMinutes: Type.Number({ minimum: 0 }) }),
  checks: Type.Optional(Type.Array(CheckDefinition)),
})

export const InputDefinition = Type.Object({
  endpoint: Name,
  partitions: Type.Optional(Type.Union([Type.Literal('same'), Type.Object({ trailing: Type.Integer({ minimum: 1, maximum: 10_000 }) })])),
})

/** What `definePipeline` of the authoring package gives. */
export const PipelineDefinition = Type.Object({
  kind: Type.Optional(Type.Literal('pipeline')),
  name: Name,
  owner: Type.String({ minLength: 1 }),
  description: Type.String(),
  output: Name,
  inputs: Type.Record(Alias, InputDefinition),
  sql: Type.String({ minLength: 1, maxLength: 100_000 }),
})

export const DefinitionSet = Type.Object({ endpoints: Type.Array(EndpointDefinition), pipelines: Type.Array(PipelineDefinition) })

export const EndpointColumn = Type.Object({
  name: Type.String(),
  type: Type.Enum(['string', 'integer', 'number', 'boolean', 'timestamp', 'json']),
  personal: Personal,
  description: Type.Optional(Type.String()),
})

export const EndpointRow = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['event', 'derived']),
  owner: Type.String(),
  description: Type.String(),
  partition: PartitionKind,
  columns: Type.Array(EndpointColumn),
  /** `landsWithinMinutes` after the end of a partition; an event type has its tier instead. */
  slo: Type.Object({ landsWithinMinutes: orNull(Type.Number()), tier: orNull(Type.Enum(['gold', 'silver', 'bronze'])) }),
  state: State,
  /** Name of the pipeline that fills it; null for event types. */
  pipeline: orNull(Type.String()),
  lastPartition: orNull(Type.String()),
  lastPublishedAt: orNull(Instant),
  /** Rows of the last partition. */
  rows: orNull(Type.Integer()),
  /** From the end of the last partition to its publication, clock ms. */
  lagMs: orNull(Type.Number()),
  /** Partitions past their SLO now. */
  late: Type.Array(Type.String()),
  /** The partition under way, when it is expected to land and whether that is late. */
  predicted: orNull(Type.Object({ partition: Type.String(), landsAt: Instant, dueAt: Instant, late: Type.Boolean() })),
  partitions: Type.Integer(),
  /** Of all partitions; null for event types. */
  bytes: orNull(Type.Integer()),
})

export const CheckResult = Type.Object({
  rule: Type.Enum(['not-null', 'unique', 'range', 'min-rows']),
  /** Column or columns, as declared; "" for min-rows. */
  subject: Type.String(),
  action: CheckAction,
  passed: Type.Boolean(),
  /** What was found, e.g. "12 of 400 rows are null". */
  found: Type.String(),
})

export const PartitionState = Type.Enum(['published', 'open', 'waiting', 'failed', 'blocked'])

export const PartitionRow = Type.Object({
  partition: Type.String(),
  state: PartitionState,
  /** Made from inputs that were still open; it is made again when they close. */
  provisional: Type.Boolean(),
  version: orNull(Type.String()),
  rows: orNull(Type.Integer()),
  bytes: orNull(Type.Integer()),
  /** Object keys. */
  files: Type.Array(Type.String()),
  publishedAt: orNull(Instant),
  runId: orNull(Type.String()),
  lagMs: orNull(Type.Number()),
  late: Type.Boolean(),
  checks: Type.Array(CheckResult),
  /** Why it is not there: what it waits for, or what failed. */
  reason: orNull(Type.String()),
})

export const EndpointDetail = Type.Interface([EndpointRow], {
  key: Type.Array(Type.String()),
  retention: Type.String(),
  checks: Type.Array(CheckDefinition),
  sql: orNull(Type.String()),
  codeVersion: orNull(Type.String()),
  inputs: Type.Array(Type.Object({ alias: Type.String(), endpoint: Type.String(), partitions: Type.String() })),
  /** All the way up and down; direct neighbours first. */
  upstream: Type.Array(Type.String()),
  downstream: Type.Array(Type.String()),
  /** Newest first, at most 30. */
  recent: Type.Array(PartitionRow),
})

export const PipelineRow = Type.Object({
  name: Type.String(),
  owner: Type.String(),
  description: Type.String(),
  output: Type.String(),
  inputs: Type.Array(Type.String()),
  codeVersion: Type.String(),
})

export const LineageNode = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['event', 'derived']),
  owner: Type.String(),
  partition: PartitionKind,
  state: State,
  lastPartition: orNull(Type.String()),
  /** Of the last partition. */
  publishedAt: orNull(Instant),
  lagMs: orNull(Type.Number()),
})

/** Rows of `from` flow into `to` through `pipeline`. */
export const LineageEdge = Type.Object({ from: Type.String(), to: Type.String(), pipeline: Type.String() })
export const Lineage = Type.Object({ nodes: Type.Array(LineageNode), edges: Type.Array(LineageEdge) })

export const RunState = Type.Enum(['running', 'published', 'failed', 'blocked'])
export const FailureClass = Type.Enum(['missing-input', 'transient', 'permanent', 'checks'])

export const RunRow = Type.Object({
  id: Type.String(),
  pipeline: Type.String(),
  endpoint: Type.String(),
  partition: Type.String(),
  state: RunState,
  provisional: Type.Boolean(),
  codeVersion: Type.String(),
  /** Identity of the instance: pipeline, partition, code version and input versions. */
  instance: Type.String(),
  /** 1 for the first try of this instance. */
  attempt: Type.Integer(),
  startedAt: Instant,
  endedAt: orNull(Instant),
  durationMs: orNull(Type.Number({ description: 'Real milliseconds, also when the clock is simulated' })),
  rows: orNull(Type.Integer()),
  bytes: orNull(Type.Integer()),
  inputs: Type.Array(
    Type.Object({ alias: Type.String(), endpoint: Type.String(), from: orNull(Type.String()), to: orNull(Type.String()), partitions: Type.Integer(), files: Type.Integer(), version: Type.String() }),
  ),
  checks: Type.Array(CheckResult),
  error: orNull(Type.Object({ class: FailureClass, code: Type.String(), message: Type.String() })),
  retryAt: orNull(Instant),
})

/** `skipped`: this very instance stood published already, nothing ran, and the run is the one that published it. */
export const StartedRun = Type.Interface([RunRow], { skipped: Type.Boolean() })

export const Cell = Type.Unknown({ description: 'null, boolean, number, string (timestamps ISO, integers beyond 2^53), array or object' })
export const SqlResult = Type.Object({
  columns: Type.Array(Type.Object({ name: Type.String(), type: Type.String({ description: 'In DuckDB’s words' }) })),
  rows: Type.Array(Type.Record(Type.String(), Cell)),
  truncated: Type.Boolean(),
})

const Parameter = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])
const EndpointParams = Type.Object({ name: Name })

export const pipelinesContract = defineContract({
  service: 'pipelines',
  base: '/api/pipelines/v1',
  routes: {
    putDefinitions: {
      method: 'PUT',
      path: '/definitions',
      summary: 'Replaces the set of endpoints and pipelines; refused as a whole when one is wrong; the same set again changes nothing',
      access: 'admin',
      body: DefinitionSet,
      result: Type.Object({
        endpoints: Type.Integer(),
        pipelines: Type.Integer(),
        /** Names of pipelines that are new or run new code from now on. */
        changed: Type.Array(Type.String()),
        removed: Type.Array(Type.String()),
      }),
    },
    listEndpoints: { method: 'GET', path: '/endpoints', summary: 'All data endpoints, event types included', access: 'read', result: rowsOf(EndpointRow) },
    getEndpoint: {
      method: 'GET',
      path: '/endpoints/{name}',
      summary: 'One endpoint with its columns, checks, neighbours and recent partitions',
      access: 'read',
      params: EndpointParams,
      result: EndpointDetail,
    },
    listPartitions: {
      method: 'GET',
      path: '/endpoints/{name}/partitions',
      summary: 'Partitions of an endpoint, oldest first: those that stand, and those expected up to now',
      access: 'read',
      params: EndpointParams,
      query: Type.Object({
        from: Type.Optional(Type.String({ description: 'Partition name or ISO instant; default: 60 partitions before `to`' })),
        to: Type.Optional(Type.String({ description: 'End (exclusive); default: now' })),
      }),
      result: rowsOf(PartitionRow),
    },
    listPipelines: { method: 'GET', path: '/pipelines', summary: 'All pipelines', access: 'read', result: rowsOf(PipelineRow) },
    lineage: {
      method: 'GET',
      path: '/lineage',
      summary: 'The graph of endpoints, or the closure of one',
      access: 'read',
      query: Type.Object({ of: Type.Optional(Name), direction: Type.Optional(Type.Union([Type.Literal('up'), Type.Literal('down'), Type.Literal('both')], { default: 'both' })) }),
      result: Lineage,
    },
    listRuns: {
      method: 'GET',
      path: '/runs',
      summary: 'Runs, newest first',
      access: 'read',
      query: Type.Object({
        pipeline: Type.Optional(Name),
        partition: Type.Optional(Type.String()),
        state: Type.Optional(RunState),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
      }),
      result: rowsOf(RunRow),
    },
    getRun: { method: 'GET', path: '/runs/{id}', summary: 'One run', access: 'read', params: Type.Object({ id: Type.String() }), result: RunRow },
    startRun: {
      method: 'POST',
      path: '/runs',
      summary: 'Runs one partition now and answers when it has ended; provisional: over what has landed so far, upstream first',
      access: 'admin',
      body: Type.Object({ pipeline: Name, partition: Type.String(), provisional: Type.Optional(Type.Boolean()) }),
      result: StartedRun,
    },
    sql: {
      method: 'POST',
      path: '/sql',
      summary: 'One SELECT over endpoints by name ("track-played" or track_played); event types hold all that has landed',
      access: 'read',
      body: Type.Object({
        sql: Type.String({ minLength: 1, maxLength: 100_000 }),
        /** A list for `?` and `$1`, a record for `$name`; instants as ISO text. */
        params: Type.Optional(Type.Union([Type.Array(Parameter), Type.Record(Type.String(), Parameter)])),
        maxRows: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000_000 })),
        timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 600_000 })),
        /** False: closed hours and final partitions only. Default true. */
        provisional: Type.Optional(Type.Boolean()),
      }),
      result: SqlResult,
    },
    pulse: { method: 'GET', path: '/pulse', summary: 'Landing time of partitions, and what needs a person', access: 'read', result: Pulse },
  },
})

export type PipelinesContract = typeof pipelinesContract
export type ColumnDefinition = Static<typeof ColumnDefinition>
export type CheckDefinition = Static<typeof CheckDefinition>
export type EndpointDefinition = Static<typeof EndpointDefinition>
export type InputDefinition = Static<typeof InputDefinition>
export type PipelineDefinition = Static<typeof PipelineDefinition>
export type DefinitionSet = Static<typeof DefinitionSet>
export type EndpointColumn = Static<typeof EndpointColumn>
export type EndpointRow = Static<typeof EndpointRow>
export type EndpointDetail = Static<typeof EndpointDetail>
export type CheckResult = Static<typeof CheckResult>
export type PartitionState = Static<typeof PartitionState>
export type PartitionRow = Static<typeof PartitionRow>
export type PipelineRow = Static<typeof PipelineRow>
export type Lineage = Static<typeof Lineage>
export type LineageNode = Static<typeof LineageNode>
export type LineageEdge = Static<typeof LineageEdge>
export type RunState = Static<typeof RunState>
export type FailureClass = Static<typeof FailureClass>
export type RunRow = Static<typeof RunRow>
export type SqlResult = Static<typeof SqlResult>
