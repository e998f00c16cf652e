// The door of experiments: flags, metrics, experiments, their readouts and what was learned.
import { defineContract, Note, orNull, Pulse, rowsOf, State } from '@rondo/contract'
import { Type, type Static } from 'typebox'

/** Plain text of a criterion tree; its shape is checked by the service, which names the path of what is wrong. */
export type Criterion =
  | {
      attribute: string
      eq?: string | number | boolean
      in?: (string | number | boolean)[]
      range?: { min?: number; max?: number }
      startsWith?: string
      endsWith?: string
      contains?: string
    }
  | { and: Criterion[] }
  | { or: Criterion[] }
  | { not: Criterion }
  | { segment: string }

const Key = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' })
const When = Type.Unsafe<Criterion>({ type: 'object', description: 'Criterion tree: {attribute, eq | in | range | startsWith | endsWith | contains}, {and}, {or}, {not}, {segment}' })
const Values = Type.Record(Type.String(), Type.Unknown())

export const FlagRule = Type.Object({
  name: Type.Optional(Type.String()),
  when: Type.Optional(When),
  assign: Type.Union([
    Type.Array(Type.Object({ variant: Type.String(), share: Type.Number() })),
    Type.Literal('client-default'),
    Type.Literal('fall-through'),
  ]),
})

export const FlagDefinition = Type.Object({
  kind: Type.Optional(Type.Literal('flag')),
  key: Key,
  owner: Type.String({ minLength: 1 }),
  description: Type.Optional(Type.String()),
  /** JSON Schema of every variant's value. */
  schema: Values,
  /** Variant name → value. */
  variants: Values,
  /** Names of clients that see it; "*" is all. */
  clients: Type.Array(Type.String()),
  rules: Type.Array(FlagRule),
})

export const SegmentDefinition = Type.Object({ name: Key, owner: Type.String({ minLength: 1 }), description: Type.Optional(Type.String()), when: When })

export const MetricDefinition = Type.Object({
  kind: Type.Optional(Type.Literal('metric')),
  name: Key,
  owner: Type.String({ minLength: 1 }),
  description: Type.String(),
  /** `mean`: of the column's sum per unit; `proportion`: share of units whose sum is above zero. */
  type: Type.Enum(['mean', 'proportion']),
  /** A daily endpoint with one row a unit and day, and a column `day`. */
  endpoint: Type.String(),
  unit: Type.String(),
  column: Type.String(),
  better: Type.Enum(['higher', 'lower']),
  unitLabel: Type.Optional(Type.String()),
})

export const ExperimentDefinition = Type.Object({
  kind: Type.Optional(Type.Literal('experiment')),
  id: Key,
  owner: Type.String({ minLength: 1 }),
  hypothesis: Type.String(),
  flag: Type.String(),
  control: Type.String(),
  treatments: Type.Array(Type.String(), { minItems: 1 }),
  /** Share of units in the experiment, 0–1, split evenly over control and treatments. */
  share: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
  when: Type.Optional(When),
  success: Type.Array(Type.String(), { minItems: 1 }),
  guardrails: Type.Array(Type.Object({ metric: Type.String(), margin: Type.Number({ minimum: 0, maximum: 1 }) })),
  watched: Type.Optional(Type.Array(Type.String())),
  days: Type.Integer({ minimum: 1, maximum: 366 }),
  autoStart: Type.Optional(Type.Union([Type.Boolean(), Type.Object({ afterDays: Type.Integer({ minimum: 0, maximum: 365 }) })])),
  /** Smallest change worth knowing, relative to control, 0–1; power and class are about it. 0.05 when absent. */
  minimumEffect: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
  /** Overall two-sided level; 0.05 when absent. */
  alpha: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 0.5 })),
})

export const Flag = Type.Object({
  key: Type.String(),
  version: Type.Integer(),
  state: Type.Enum(['live', 'archived']),
  owner: Type.String(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  definition: FlagDefinition,
  /** Rules in force, in order: those of experiments first, then the flag's own. */
  inForce: Type.Array(
    Type.Object({
      rule: Type.String(),
      /** Id that salts the variant's bucket. */
      segment: Type.String(),
      /** Experiment that put it there. */
      experiment: orNull(Type.String()),
      /** Share of the population that can enter the rule. */
      share: Type.Number(),
      when: Type.Optional(When),
      assign: FlagRule.properties.assign,
    }),
  ),
  experiments: Type.Array(Type.String()),
})

export const Resolution = Type.Object({
  flag: Type.String(),
  unit: orNull(Type.String()),
  value: Type.Unknown(),
  variant: orNull(Type.String()),
  reason: Type.Enum(['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'ERROR']),
  rule: orNull(Type.String()),
  errorCode: Type.Optional(Type.Enum(['FLAG_NOT_FOUND', 'TARGETING_KEY_MISSING'])),
})

export const Decision = Type.Enum(['ship', 'do-not-ship', 'not-yet', 'invalid'])
export const LearningClass = Type.Enum(['invalid', 'regression found', 'win', 'neutral and powered', 'inconclusive'])

export const Verdict = Type.Object({
  decision: Decision,
  /** "Ship it." */
  sentence: Type.String(),
  /** Variant the sentence is about. */
  variant: orNull(Type.String()),
  reasons: Type.Array(Type.Object({ held: orNull(Type.Boolean()), text: Type.String() })),
})

export const SampleRatio = Type.Object({ chiSquare: Type.Number(), df: Type.Integer(), p: Type.Number(), alert: Type.Boolean() })

export const Experiment = Type.Object({
  id: Type.String(),
  owner: Type.String(),
  hypothesis: Type.String(),
  flag: Type.String(),
  state: Type.Enum(['draft', 'running', 'stopped']),
  /** Whole days that have been read, and planned. */
  day: Type.Integer(),
  days: Type.Integer(),
  createdAt: Type.String(),
  startedAt: orNull(Type.String()),
  stoppedAt: orNull(Type.String()),
  /** Last day that a look was taken for, "2026-09-21". */
  asOf: orNull(Type.String()),
  units: Type.Integer(),
  sampleRatio: orNull(SampleRatio),
  verdict: Verdict,
  /** Set when stopped. */
  learningClass: orNull(LearningClass),
  stoppedBy: orNull(Type.String()),
  note: orNull(Type.String()),
  shipped: orNull(Type.String()),
  definition: ExperimentDefinition,
})

const Interval = Type.Object({ estimate: Type.Number(), lower: Type.Number(), upper: Type.Number(), se: Type.Number() })
/** Fieller's: it leaves zero out exactly when the absolute interval does. Both ends null while control cannot be told from zero. `se` is the absolute one over control. */
const RelativeInterval = Type.Object({ estimate: Type.Number(), lower: orNull(Type.Number()), upper: orNull(Type.Number()), se: Type.Number() })
export const MetricStatus = Type.Enum(['better', 'worse', 'within margin', 'past margin', 'not yet clear', 'no change seen'])
export const MetricRole = Type.Enum(['success', 'guardrail', 'watched'])

export const MetricRow = Type.Object({
  metric: Type.String(),
  role: MetricRole,
  /** Treatment that is compared to control. */
  variant: Type.String(),
  better: Type.Enum(['higher', 'lower']),
  unitLabel: orNull(Type.String()),
  /** Relative, 0–1; guardrails only. */
  margin: orNull(Type.Number()),
  /** `mean` is null without a unit, or when the values cannot be summed. */
  control: Type.Object({ units: Type.Integer(), mean: orNull(Type.Number()) }),
  treatment: Type.Object({ units: Type.Integer(), mean: orNull(Type.Number()) }),
  /** Estimate ± `boundZ` standard errors: the one test of this row. Null when nothing can be estimated; `caveat` says why. */
  absolute: orNull(Interval),
  /** Relative to control; null also when control's mean is zero. */
  relative: orNull(RelativeInterval),
  /** Two-sided, of the same test; below `alpha` exactly when both intervals leave zero out. */
  p: orNull(Type.Number()),
  /** The level that `p` is held against at this look, two-sided: what lies beyond `boundZ`. */
  alpha: Type.Number(),
  /** The level over all looks together, two-sided, e.g. 0.05. */
  alphaAllLooks: Type.Number(),
  /** Bound in standard errors at this look. */
  boundZ: Type.Number(),
  /** Why an interval is missing or open: "every unit has the same value". */
  caveat: orNull(Type.String()),
  status: MetricStatus,
  /** Relative change, 0–1, that so many units show at the last look with the metric's part in 80 % power overall: 1 − 0.2 / (guardrails + 1). */
  detectable: orNull(Type.Number()),
  power: orNull(Type.Number()),
})

export const Look = Type.Object({
  look: Type.Integer(),
  day: Type.String(),
  takenAt: Type.String(),
  units: Type.Integer(),
  decision: Decision,
  metrics: Type.Array(
    Type.Object({ metric: Type.String(), variant: Type.String(), relative: orNull(RelativeInterval), p: orNull(Type.Number()), boundZ: Type.Number(), status: MetricStatus }),
  ),
})

export const Readout = Type.Object({
  experiment: Experiment,
  verdict: Verdict,
  arms: Type.Array(Type.Object({ variant: Type.String(), role: Type.Enum(['control', 'treatment']), units: Type.Integer(), share: Type.Number(), expectedShare: Type.Number() })),
  exposures: Type.Object({ units: Type.Integer(), inSeveralVariants: Type.Integer() }),
  sampleRatio: orNull(SampleRatio),
  quality: Type.Array(Type.Object({ check: Type.String(), state: State, text: Type.String() })),
  metrics: Type.Array(MetricRow),
  /** Looks taken, oldest first. */
  looks: Type.Array(Look),
  /** All looks of the plan: where the bounds of the first success metric lie, in standard errors. */
  plan: Type.Array(Type.Object({ look: Type.Integer(), day: orNull(Type.String()), fraction: Type.Number(), boundZ: Type.Number() })),
  /** Name of the stored snapshot, e.g. "dw-ranker/2026-09-21". */
  snapshot: orNull(Type.String()),
})

/** How long one arc around decisions takes, beside its usual; one note an act, oldest first, at most 24. */
const Pace = Type.Object({
  /** Median of all there were, ms; null before the first. */
  lagMs: orNull(Type.Number()),
  /** Acts within the last seven days. */
  lastWeek: Type.Integer(),
  total: Type.Integer(),
  notes: Type.Array(Note),
})

const LearningCounts = Type.Object({ stopped: Type.Integer(), learned: Type.Integer(), won: Type.Integer(), learningRate: orNull(Type.Number()), winRate: orNull(Type.Number()) })

export const Learning = Type.Object({
  rows: Type.Array(
    Type.Object({
      id: Type.String(),
      owner: Type.String(),
      hypothesis: Type.String(),
      learningClass: LearningClass,
      sentence: Type.String(),
      /** What the first success metric did, with its interval: "List savers: +92.5 % (+35.0 % to +150.0 %), better". */
      finding: orNull(Type.String()),
      startedAt: orNull(Type.String()),
      stoppedAt: Type.String(),
      /** Variant that everyone the experiment was for gets since `shippedAt`. */
      shipped: orNull(Type.String()),
      shippedAt: orNull(Type.String()),
      /** For what taught nothing. */
      wouldHaveTaught: orNull(Type.String()),
    }),
  ),
  total: LearningCounts,
  classes: Type.Array(Type.Object({ learningClass: LearningClass, experiments: Type.Integer() })),
  owners: Type.Array(Type.Intersect([Type.Object({ owner: Type.String() }), LearningCounts])),
  /** From the start of an experiment to its decision. */
  deciding: Pace,
  /** From the decision to the act that ships it. */
  shipping: Pace,
  /** Wins that nobody has shipped. */
  unshipped: Type.Array(Type.String()),
})

export const Metric = Type.Intersect([MetricDefinition, Type.Object({ usedBy: Type.Array(Type.String()), updatedAt: Type.String() })])
export const AuditRow = Type.Object({ id: Type.String(), at: Type.String(), actor: Type.String(), action: Type.String(), subject: Type.String(), detail: Type.Unknown() })
const Written = Type.Object({ created: Type.Boolean(), changed: Type.Boolean() })
const byKey = Type.Object({ key: Type.String() })
const byId = Type.Object({ id: Type.String() })
const byName = Type.Object({ name: Type.String() })
const Attributes = Type.Optional(Values)

export const experimentsContract = defineContract({
  service: 'experiments',
  base: '/api/experiments/v1',
  routes: {
    putFlag: { method: 'PUT', path: '/flags/{key}', summary: 'Creates or changes a flag; in force at once', access: 'admin', params: byKey, body: FlagDefinition, result: Type.Intersect([Written, Type.Object({ key: Type.String(), version: Type.Integer() })]) },
    listFlags: { method: 'GET', path: '/flags', summary: 'Flags with the rules in force', access: 'read', query: Type.Object({ archived: Type.Optional(Type.Boolean()) }), result: rowsOf(Flag) },
    getFlag: { method: 'GET', path: '/flags/{key}', summary: 'One flag', access: 'read', params: byKey, result: Flag },
    archiveFlag: { method: 'DELETE', path: '/flags/{key}', summary: 'Archives a flag: clients get their default', access: 'admin', params: byKey, result: Type.Object({ key: Type.String(), archived: Type.Boolean() }) },
    resolveFlag: {
      method: 'POST', path: '/flags/{key}/resolve', summary: 'What a unit would get; logs no exposure', access: 'read', params: byKey,
      body: Type.Object({ unit: Type.Optional(Type.String()), attributes: Attributes }), result: Resolution,
    },
    resolveUnits: {
      method: 'POST', path: '/flags/{key}/resolve-units', summary: 'What many units would get; logs no exposure', access: 'read', params: byKey,
      body: Type.Object({ units: Type.Array(Type.String(), { maxItems: 100_000 }), attributes: Attributes }), result: rowsOf(Resolution),
    },
    putSegment: { method: 'PUT', path: '/segments/{name}', summary: 'Creates or changes a segment that criteria can name', access: 'admin', params: byName, body: SegmentDefinition, result: Written },
    listSegments: { method: 'GET', path: '/segments', summary: 'Segments', access: 'read', result: rowsOf(SegmentDefinition) },
    putMetric: { method: 'PUT', path: '/metrics/{name}', summary: 'Creates or changes a metric', access: 'admin', params: byName, body: MetricDefinition, result: Written },
    listMetrics: { method: 'GET', path: '/metrics', summary: 'The catalog of metrics', access: 'read', result: rowsOf(Metric) },
    createExperiment: { method: 'POST', path: '/experiments', summary: 'Creates a draft, or changes one that has not begun; a draft with `autoStart` starts', access: 'admin', body: ExperimentDefinition, result: Experiment, status: 201 },
    listExperiments: { method: 'GET', path: '/experiments', summary: 'Experiments, running first, then the newest', access: 'read', query: Type.Object({ state: Type.Optional(Type.Enum(['draft', 'running', 'stopped'])) }), result: rowsOf(Experiment) },
    getExperiment: { method: 'GET', path: '/experiments/{id}', summary: 'One experiment', access: 'read', params: byId, result: Experiment },
    startExperiment: { method: 'POST', path: '/experiments/{id}/start', summary: 'Puts its rule before the flag\'s own', access: 'admin', params: byId, result: Experiment },
    stopExperiment: {
      method: 'POST', path: '/experiments/{id}/stop', summary: 'Freezes the decision; the flag falls back, or gives the shipped variant to everyone the experiment was for. A stopped one can still be shipped', access: 'admin', params: byId,
      body: Type.Object({ note: Type.Optional(Type.String()), ship: Type.Optional(Type.String({ description: 'Variant' })) }), result: Experiment,
    },
    readout: { method: 'GET', path: '/experiments/{id}/readout', summary: 'Verdict, metrics, looks and quality, as of the last look', access: 'read', params: byId, result: Readout },
    learning: { method: 'GET', path: '/learning', summary: 'Stopped experiments by what they taught, with the learning rate', access: 'read', result: Learning },
    listAudit: { method: 'GET', path: '/audit', summary: 'Who changed what, newest first', access: 'read', query: Type.Object({ subject: Type.Optional(Type.String()), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) }), result: rowsOf(AuditRow) },
    pulse: { method: 'GET', path: '/pulse', summary: 'Heartbeat of the arc from recommendations to decisions', access: 'read', result: Pulse },
  },
})

export type FlagRule = Static<typeof FlagRule>
export type FlagDefinition = Static<typeof FlagDefinition>
export type SegmentDefinition = Static<typeof SegmentDefinition>
export type MetricDefinition = Static<typeof MetricDefinition>
export type ExperimentDefinition = Static<typeof ExperimentDefinition>
export type Flag = Static<typeof Flag>
export type Resolution = Static<typeof Resolution>
export type Decision = Static<typeof Decision>
export type LearningClass = Static<typeof LearningClass>
export type Verdict = Static<typeof Verdict>
export type SampleRatio = Static<typeof SampleRatio>
export type Experiment = Static<typeof Experiment>
export type Interval = Static<typeof Interval>
export type RelativeInterval = Static<typeof RelativeInterval>
export type MetricStatus = Static<typeof MetricStatus>
export type MetricRole = Static<typeof MetricRole>
export type MetricRow = Static<typeof MetricRow>
export type Look = Static<typeof Look>
export type Readout = Static<typeof Readout>
export type Learning = Static<typeof Learning>
export type AuditRow = Static<typeof AuditRow>
export type ExperimentsContract = typeof experimentsContract
