// The arc from recommendations to decisions: exposures an hour, and the experiments that need a person.
import type { Ctx } from '@rondo/context'
import { LEAST_FOR_USUAL, type Attention, type Note, type Pulse } from '@rondo/contract'
import { toAppError } from '@rondo/errors'
import { eventsContract } from '@rondo/events/contract'
import { DAY_MS, HOUR_MS, toIso } from '@rondo/time'
import type { Experiment } from '../contract.ts'
import type { Room } from '../deps.ts'
import { isDeteriorated } from '../domain/readout/decide.ts'
import { joinWords, wordChange, wordName, wordP } from '../domain/readout/wording.ts'
import { findLastLook, listExperiments as listStored } from '../store/experiment-store.ts'
import { findUnshipped, type UnshippedWin } from './find-unshipped.ts'
import { findLateDay, listExperiments } from './read-experiment.ts'

const NOTES = 24
const DAYS_OF_USUAL = 7

export async function reportPulse(room: Room, ctx: Ctx): Promise<Pulse> {
  const { rows } = await listExperiments(undefined, room)
  const running = rows.filter((row) => row.state === 'running')
  const stopped = rows.filter((row) => row.state === 'stopped')
  const notes = toNotes(await readHours(room, ctx))
  const troubles = (await Promise.all(running.map((row) => findAttention(row, room)))).flat()
  const unshipped = findUnshipped(await listStored(room.relational.db), room)
  const waiting = await Promise.all(unshipped.map((win) => askToShip(win, room)))
  const lastDay = notes.reduce((sum, note) => sum + note.value, 0)
  return {
    holds: `${running.length} running, ${stopped.length} decided`,
    rate: `${lastDay.toLocaleString('en-US')} ${lastDay === 1 ? 'exposure' : 'exposures'} a day`,
    lagMs: await readLag(rows, room),
    state: troubles[0]?.state ?? (running.length === 0 ? 'waiting' : 'healthy'),
    notes,
    attention: [...troubles, ...waiting],
  }
}

/** From the end of the newest day read to its look. */
async function readLag(rows: readonly Experiment[], room: Room): Promise<number | null> {
  const newest = rows.filter((row) => row.asOf !== null).toSorted((a, b) => ((a.asOf ?? '') < (b.asOf ?? '') ? 1 : -1))[0]
  const look = newest === undefined ? undefined : await findLastLook(room.relational.db, newest.id)
  return look === undefined ? null : Math.max(0, look.takenAtMs - (Date.parse(`${look.day}T00:00:00Z`) + 24 * HOUR_MS))
}

async function findAttention(row: Experiment, room: Room): Promise<Attention[]> {
  const about = { subject: row.id, ref: `/experiments/${encodeURIComponent(row.id)}`, owner: row.owner, hurts: `people on ${row.flag}` }
  const attention: Attention[] = []
  const look = await findLastLook(room.relational.db, row.id)
  const takenAt = toIso(look?.takenAtMs ?? room.clock.now())
  if (row.sampleRatio?.alert === true) attention.push({ ...about, state: 'failed', since: takenAt, message: `The split is off: ${wordP(row.sampleRatio.p)}. Its numbers cannot be trusted.` })
  const worse = look?.computed.metrics.filter(isDeteriorated) ?? []
  if (worse.length > 0) attention.push({ ...about, state: 'failed', since: takenAt, message: `${joinWords([...new Set(worse.map((metric) => wordName(metric.metric)))])} got worse.` })
  const late = findLateDay(row.id, room)
  if (late !== undefined) attention.push({ ...about, state: 'late', since: toIso(late.sinceMs), message: `The look of ${late.day} waits for its metrics.` })
  return attention
}

/** A win that nobody has shipped is an act that waits for a person, not a trouble. */
async function askToShip({ win, instead }: UnshippedWin, room: Room): Promise<Attention> {
  const { definition, stoppedAtMs, verdict } = win
  const look = await findLastLook(room.relational.db, definition.id)
  const better = (look?.computed.metrics ?? []).filter((row) => row.role === 'success' && row.status === 'better' && row.variant === verdict?.variant)
  const moved = better.flatMap(({ metric, absolute, relative }) => (absolute === null ? [] : [`${wordName(metric)} ${absolute.estimate < 0 ? 'fell' : 'rose'}${relative === null ? '' : ` ${wordChange(Math.abs(relative.estimate)).replace('+', '')}`}`]))
  const units = look?.computed.exposures.units ?? 0
  return {
    state: 'waiting',
    subject: definition.id,
    ref: `/experiments/${encodeURIComponent(definition.id)}`,
    owner: definition.owner,
    since: toIso(stoppedAtMs ?? room.clock.now()),
    message: `${verdict?.sentence.replace(/\.$/, '') ?? 'Ship it'}: ${moved[0] ?? 'it won'}. Nobody has shipped it yet.`,
    hurts: instead === undefined ? `${units.toLocaleString('en-US')} listeners took part, and not all of them have it` : `${units.toLocaleString('en-US')} listeners who took part still get ${wordName(instead)}`,
  }
}

async function readHours(room: Room, ctx: Ctx): Promise<{ hour: string; accepted: number }[]> {
  try {
    return (await room.peer(eventsContract).history({ type: 'flag-exposed', hours: NOTES * (DAYS_OF_USUAL + 1) }, ctx)).rows
  } catch (thrown) {
    room.log.debug('no history of exposures', { code: toAppError(thrown).code })
    return []
  }
}

/** An hour's usual is the mean of the same hour of the days before that are known, since the first exposure; seven at most. */
function toNotes(hours: readonly { hour: string; accepted: number }[]): Note[] {
  const byHour = new Map(hours.map((row) => [row.hour.slice(0, 13), row.accepted]))
  const first = hours.find((row) => row.accepted > 0)
  const firstMs = first === undefined ? Infinity : Date.parse(`${first.hour.slice(0, 13)}:00:00Z`)
  return hours.slice(-NOTES).map((row) => {
    const atMs = Date.parse(`${row.hour.slice(0, 13)}:00:00Z`)
    const before = Array.from({ length: DAYS_OF_USUAL }, (_, day) => atMs - (day + 1) * DAY_MS).map((dayMs) => (dayMs < firstMs ? undefined : byHour.get(toIso(dayMs).slice(0, 13))))
    const known = before.filter((value) => value !== undefined)
    if (known.length < LEAST_FOR_USUAL) return { at: toIso(atMs), value: row.accepted, usual: null, spread: null }
    const usual = known.reduce((sum, value) => sum + value, 0) / known.length
    const spread = Math.sqrt(known.reduce((sum, value) => sum + (value - usual) ** 2, 0) / (known.length - 1))
    return { at: toIso(atMs), value: row.accepted, usual, spread }
  })
}
