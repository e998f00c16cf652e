// What stopped experiments taught, and how often one teaches at all.
import { toIso } from '@rondo/time'
import type { Learning, LearningClass } from '../contract.ts'
import type { Room } from '../deps.ts'
import { hasTaught, sayWhatWouldHaveTaught } from '../domain/readout/classify.ts'
import { computePace, type Act } from '../domain/readout/compute-pace.ts'
import { findLastLook, listExperiments } from '../store/experiment-store.ts'
import { findUnshipped } from './find-unshipped.ts'

const CLASSES: LearningClass[] = ['win', 'regression found', 'neutral and powered', 'inconclusive', 'invalid']

export async function listLearning(room: Room): Promise<Learning> {
  const nowMs = room.clock.now()
  const stopped = (await listExperiments(room.relational.db)).filter((experiment) => experiment.state === 'stopped').sort((a, b) => (b.stoppedAtMs ?? 0) - (a.stoppedAtMs ?? 0))
  const rows: Learning['rows'] = []
  for (const { definition, learningClass, verdict, startedAtMs, stoppedAtMs, shipped, shippedAtMs } of stopped) {
    const last = await findLastLook(room.relational.db, definition.id)
    const evidence = last === undefined ? undefined : { definition, ...last.computed }
    const known = learningClass ?? 'inconclusive'
    rows.push({
      id: definition.id,
      owner: definition.owner,
      hypothesis: definition.hypothesis,
      learningClass: known,
      sentence: verdict?.sentence ?? '',
      finding: verdict?.reasons[0]?.text ?? null,
      startedAt: startedAtMs === null ? null : toIso(startedAtMs),
      stoppedAt: toIso(stoppedAtMs ?? 0),
      shipped,
      shippedAt: shippedAtMs === null ? null : toIso(shippedAtMs),
      wouldHaveTaught: sayWhatWouldHaveTaught(known, definition, evidence),
    })
  }
  const owners = [...new Set(rows.map((row) => row.owner))].sort()
  return {
    rows,
    total: count(rows),
    classes: CLASSES.map((learningClass) => ({ learningClass, experiments: rows.filter((row) => row.learningClass === learningClass).length })),
    owners: owners.map((owner) => ({ owner, ...count(rows.filter((row) => row.owner === owner)) })),
    deciding: computePace(stopped.flatMap(({ startedAtMs, stoppedAtMs }) => toAct(startedAtMs, stoppedAtMs)), nowMs),
    shipping: computePace(stopped.filter(({ definition, shipped }) => shipped !== definition.control).flatMap(({ stoppedAtMs, shippedAtMs }) => toAct(stoppedAtMs, shippedAtMs)), nowMs),
    unshipped: findUnshipped(stopped, room).map(({ win }) => win.definition.id),
  }
}

function toAct(fromMs: number | null, toMs: number | null): Act[] {
  return fromMs === null || toMs === null ? [] : [{ atMs: toMs, tookMs: toMs - fromMs }]
}

function count(rows: Learning['rows']): Learning['total'] {
  const stopped = rows.length
  const learned = rows.filter((row) => hasTaught(row.learningClass)).length
  const won = rows.filter((row) => row.learningClass === 'win').length
  return { stopped, learned, won, learningRate: stopped === 0 ? null : learned / stopped, winRate: stopped === 0 ? null : won / stopped }
}
