// What each room runs, as entities: event types and datasets as Resources; pipelines, experiments and flags as Components.
import type { State } from '@rondo/contract'
import type { Static } from 'typebox'
import type { LiveFacts } from '../contract.ts'
import type { Entity } from './entity.ts'
import { toPortalPath } from './catalog-index.ts'
import { isObjectName, isTag } from './descriptor/field-rules.ts'
import { NO_FACTS, type LiveThing } from './live-thing.ts'

type StateWord = Static<typeof State>

export type EventTypeFacts = { type: string; owner: string; description: string; slo: string; ratePerHour: number; lastEventAt: string | null; state: StateWord; landingLagMs: number }
export type EndpointFacts = {
  name: string
  kind: 'event' | 'derived'
  partition: 'hourly' | 'daily' | 'weekly' | 'none'
  owner: string
  description: string
  state: StateWord
  pipeline: string | null
  lastPartition: string | null
  lastPublishedAt: string | null
  rows: number | null
  late: string[]
  predicted: { dueAt: string; landsAt: string; late: boolean } | null
}
export type PipelineFacts = { name: string; owner: string; description: string; output: string; inputs: string[] }
export type ExperimentFacts = {
  id: string
  definition: { success: string[]; guardrails: { metric: string }[]; watched?: string[] }
  owner: string
  hypothesis: string
  flag: string
  state: 'draft' | 'running' | 'stopped'
  day: number
  days: number
  startedAt: string | null
  stoppedAt: string | null
  asOf: string | null
  verdict: { decision: string; sentence: string }
}
export type ModelFacts = { name: string; owner: string; description: string; learnsFrom: string[]; follows: string[] }
export type TrainedFacts = { name: string; trainedAt: string; users: number; items: number; provisional: boolean }
export type FlagFacts = { key: string; owner: string; state: 'live' | 'archived'; updatedAt: string; experiments: string[]; definition: { description?: string } }

export function toEventTypeThing(row: EventTypeFacts, asOf: string): LiveThing {
  return thing('events', `/events/${encodeURIComponent(row.type)}`, asOf, 'Resource', 'event-type', row.type, row.owner, row.description, { tags: [row.slo] }, {
    state: row.state,
    lastRunAt: row.lastEventAt,
    ratePerHour: row.ratePerHour,
    latenessMs: row.state === 'late' ? row.landingLagMs : 0,
    note: row.ratePerHour > 0 ? `${formatWhole(row.ratePerHour)} in the last hour` : 'nothing in the last hour',
  })
}

/** Undefined for event types: those are things of the events room. */
export function toEndpointThing(row: EndpointFacts, asOf: string): LiveThing | undefined {
  if (row.kind === 'event') return undefined
  const dueMs = row.predicted === null ? undefined : Date.parse(row.predicted.dueAt)
  const isLate = row.late.length > 0 || row.predicted?.late === true
  return thing('pipelines', `/data/${encodeURIComponent(row.name)}`, asOf, 'Resource', 'data-endpoint', row.name, row.owner, row.description, { dependsOn: row.pipeline === null ? [] : [`component:${row.pipeline}`] }, {
    state: row.state,
    lastRunAt: row.lastPublishedAt,
    ratePerHour: null,
    latenessMs: isLate && dueMs !== undefined ? Math.max(0, Date.parse(asOf) - dueMs) : isLate ? null : 0,
    note: row.lastPartition === null ? 'no partition yet' : `${sayPartition(row.partition, row.lastPartition)}${row.rows === null ? '' : `, ${formatWhole(row.rows)} ${row.rows === 1 ? 'row' : 'rows'}`}`,
  })
}

export function toPipelineThing(row: PipelineFacts, output: LiveThing | undefined, asOf: string): LiveThing {
  const facts = output?.facts ?? NO_FACTS
  return thing('pipelines', `/data/${encodeURIComponent(row.output)}`, asOf, 'Component', 'data-pipeline', row.name, row.owner, row.description, { dependsOn: row.inputs.map((input) => `resource:${input}`) }, facts)
}

/** `datasets`: the dataset of each metric. */
export function toExperimentThing(row: ExperimentFacts, datasets: ReadonlyMap<string, string>, asOf: string): LiveThing {
  const state = { draft: 'draft', running: 'running', stopped: 'stopped' } as const
  const { success, guardrails, watched = [] } = row.definition
  const read = [...success, ...guardrails.map(({ metric }) => metric), ...watched].flatMap((metric) => datasets.get(metric) ?? [])
  return thing('experiments', `/experiments/${encodeURIComponent(row.id)}`, asOf, 'Component', 'experiment', row.id, row.owner, row.hypothesis, { dependsOn: [`component:${row.flag}`, ...new Set(read.map((name) => `resource:${name}`))] }, {
    state: state[row.state],
    lastRunAt: row.stoppedAt ?? row.startedAt,
    ratePerHour: null,
    latenessMs: null,
    note: row.state === 'draft' ? 'not started' : row.state === 'running' ? `day ${row.day} of ${row.days}` : row.verdict.sentence,
  }, row.state === 'draft' ? 'experimental' : row.state)
}

/** `trained`: the newest training of it; `state`: of the room that serves it. */
export function toModelThing(row: ModelFacts, trained: TrainedFacts | undefined, state: StateWord, asOf: string): LiveThing {
  return thing('recommendations', '/recommendations', asOf, 'Component', 'model', row.name, row.owner, row.description, { dependsOn: [...row.learnsFrom, ...row.follows].map((name) => `resource:${name}`) }, {
    state: trained === undefined ? 'waiting' : state,
    lastRunAt: trained?.trainedAt ?? null,
    ratePerHour: null,
    latenessMs: null,
    note: trained === undefined ? 'not trained yet' : `knows ${formatWhole(trained.users)} listeners, ${formatWhole(trained.items)} tracks`,
  })
}

export function toFlagThing(row: FlagFacts, asOf: string): LiveThing {
  const inExperiments = row.experiments.length
  return thing('experiments', '', asOf, 'Component', 'feature-flag', row.key, row.owner, row.definition.description ?? '', {}, {
    state: row.state === 'archived' ? 'stopped' : inExperiments > 0 ? 'running' : 'healthy',
    lastRunAt: row.updatedAt,
    ratePerHour: null,
    latenessMs: null,
    note: row.state === 'archived' ? 'archived' : inExperiments > 0 ? `in ${row.experiments.join(', ')}` : 'in no experiment',
  }, row.state === 'archived' ? 'deprecated' : 'production')
}

type Extra = { tags?: string[]; dependsOn?: string[] }

function thing(
  room: string,
  path: string,
  asOf: string,
  kind: 'Resource' | 'Component',
  type: string,
  name: string,
  owner: string,
  description: string,
  { tags = [], dependsOn = [] }: Extra,
  facts: Omit<LiveFacts, 'asOf'>,
  lifecycle = 'production',
): LiveThing {
  const safeName = toObjectName(name)
  const entity: Entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name: safeName, namespace: 'default', ...(safeName === name ? {} : { title: name }), description, ...(tags.some((tag) => !isTag(tag)) || tags.length === 0 ? {} : { tags }) },
    spec: { type, ...(kind === 'Component' ? { lifecycle } : {}), owner, ...(dependsOn.length === 0 ? {} : { dependsOn: dependsOn.map(toRefText) }) },
  }
  return { entity, room, path: path === '' ? toPortalPath(entity) : path, facts: { ...facts, asOf } }
}

/** "1,204": grouped as everywhere in the portal. */
function formatWhole(value: number): string {
  return Math.round(value).toLocaleString('en-GB')
}

/** "Sun 20 Sep", "week of Mon 14 Sep", "20 Sep 04:00"; the name as it is where it is no date. */
function sayPartition(kind: EndpointFacts['partition'], name: string): string {
  const ms = Date.parse(kind === 'hourly' && name.length === 13 ? `${name}:00Z` : name)
  if (kind === 'none' || Number.isNaN(ms)) return kind === 'none' ? 'all of it' : name
  const [weekday = '', date = '', month = ''] = new Date(ms).toUTCString().split(/,? /)
  const day = `${weekday} ${Number(date)} ${month}`
  return kind === 'weekly' ? `week of ${day}` : kind === 'hourly' ? `${day} ${name.slice(11, 13)}:00` : day
}

function toRefText(ref: string): string {
  const at = ref.indexOf(':') + 1
  return ref.slice(0, at) + toObjectName(ref.slice(at))
}

/** Names of the rooms are looser than Backstage's. */
function toObjectName(name: string): string {
  if (isObjectName(name)) return name
  const cut = name.replaceAll(/[^-A-Za-z0-9_.]+/g, '-').slice(0, 63).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
  return cut === '' ? 'unnamed' : cut
}
