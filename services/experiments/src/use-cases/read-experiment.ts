// An experiment and its readout as the door gives them, from the store alone.
import { DAY_MS, startOfDay, toIso, toIsoDate } from '@rondo/time'
import type { Experiment, Readout, Verdict } from '../contract.ts'
import type { Room } from '../deps.ts'
import { computeBudget } from '../domain/readout/compute-metrics.ts'
import { errors } from '../errors.ts'
import { findExperiment, findLastLook, listExperiments as listStored, listLooks, type StoredExperiment, type StoredLook } from '../store/experiment-store.ts'

const ORDER = { running: 0, draft: 1, stopped: 2 }

export async function listExperiments(state: Experiment['state'] | undefined, room: Room): Promise<{ rows: Experiment[] }> {
  const stored = (await listStored(room.relational.db)).filter((experiment) => state === undefined || experiment.state === state)
  const rows: Experiment[] = []
  for (const experiment of stored.toSorted((a, b) => ORDER[a.state] - ORDER[b.state])) rows.push(toExperiment(experiment, await findLastLook(room.relational.db, experiment.definition.id)))
  return { rows }
}

export async function getExperiment(id: string, room: Room): Promise<Experiment> {
  return toExperiment(await getStored(id, room), await findLastLook(room.relational.db, id))
}

export async function readReadout(id: string, room: Room): Promise<Readout> {
  const stored = await getStored(id, room)
  const looks = await listLooks(room.relational.db, id)
  const last = looks.at(-1)
  const { definition, startedAtMs } = stored
  const arms = [definition.control, ...definition.treatments]
  const experiment = toExperiment(stored, last)
  const bounds = room.findBounds(computeBudget(definition).alphaSuccess, definition.days)
  return {
    experiment,
    verdict: experiment.verdict,
    arms: last?.computed.arms ?? arms.map((variant, i) => ({ variant, role: i === 0 ? 'control' : 'treatment', units: 0, share: 0, expectedShare: 1 / arms.length })),
    exposures: last?.computed.exposures ?? { units: 0, inSeveralVariants: 0 },
    sampleRatio: last?.computed.sampleRatio ?? null,
    quality: [...(last?.computed.quality ?? []), metricDataCheck(stored, room)],
    metrics: last?.computed.metrics ?? [],
    looks: looks.map(toLook),
    plan: bounds.map((boundZ, i) => ({ look: i + 1, day: startedAtMs === null ? null : toIsoDate(startOfDay(startedAtMs) + i * DAY_MS), fraction: (i + 1) / definition.days, boundZ })),
    snapshot: last === undefined ? null : `${id}/${last.day}`,
  }
}

export function toExperiment(stored: StoredExperiment, last: StoredLook | undefined): Experiment {
  const { definition } = stored
  return {
    id: definition.id,
    owner: definition.owner,
    hypothesis: definition.hypothesis,
    flag: definition.flag,
    state: stored.state,
    day: last?.look ?? 0,
    days: definition.days,
    createdAt: toIso(stored.createdAtMs),
    startedAt: toInstant(stored.startedAtMs),
    stoppedAt: toInstant(stored.stoppedAtMs),
    asOf: last?.day ?? null,
    units: last?.computed.exposures.units ?? 0,
    sampleRatio: last?.computed.sampleRatio ?? null,
    verdict: stored.verdict ?? last?.computed.verdict ?? firstVerdict(stored),
    learningClass: stored.learningClass,
    stoppedBy: stored.stoppedBy,
    note: stored.note,
    shipped: stored.shipped,
    definition,
  }
}

async function getStored(id: string, room: Room): Promise<StoredExperiment> {
  const stored = await findExperiment(room.relational.db, id)
  if (stored === undefined) throw errors.experimentUnknown({ id })
  return stored
}

function firstVerdict({ state, startedAtMs }: StoredExperiment): Verdict {
  const sentence = state === 'draft' ? 'Not started: people see nothing until you begin.' : `Not yet: the first look comes when ${toIsoDate(startedAtMs ?? 0)} is complete.`
  return { decision: 'not-yet', sentence, variant: null, reasons: [] }
}

/** Late when a day is over for six hours and its metrics are still not there. */
export function findLateDay(id: string, room: Pick<Room, 'schedule' | 'clock'>): { day: string; sinceMs: number } | undefined {
  const due = room.schedule.find(id)
  if (due === undefined || room.clock.now() < due.dayMs + 1.25 * DAY_MS) return undefined
  return { day: toIsoDate(due.dayMs), sinceMs: due.dayMs + DAY_MS }
}

function metricDataCheck(stored: StoredExperiment, room: Room): Readout['quality'][number] {
  const late = findLateDay(stored.definition.id, room)
  if (late !== undefined) return { check: 'Metric data', state: 'late', text: `${late.day} is over and its metrics are not published` }
  if (stored.state === 'draft') return { check: 'Metric data', state: 'waiting', text: 'Not started' }
  return { check: 'Metric data', state: 'healthy', text: 'Every day that is over has been read' }
}

function toLook({ look, day, takenAtMs, computed }: StoredLook): Readout['looks'][number] {
  return {
    look,
    day,
    takenAt: toIso(takenAtMs),
    units: computed.exposures.units,
    decision: computed.verdict.decision,
    metrics: computed.metrics.map(({ metric, variant, relative, p, boundZ, status }) => ({ metric, variant, relative, p, boundZ, status })),
  }
}

const toInstant = (epochMs: number | null): string | null => (epochMs === null ? null : toIso(epochMs))
