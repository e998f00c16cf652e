// What the circle shows, from what the rooms report: pure, so that it can be read and tested without a browser.
import { LEAST_FOR_USUAL, type Attention, type Pulse } from '@rondo/contract'
import { formatAge, formatCount, formatDuration, formatLate, formatShare, formatThings } from '@rondo/ui/format'
import type { Arc, RingArc, RingStation, StateWord } from '@rondo/ui'
import type { Learning } from '@rondo/experiments/contract'
import type { Audience, PlatformInfo, Turn } from '../use-loop.ts'

export type LoopFacts = {
  events: Pulse | undefined
  pipelines: Pulse | undefined
  recommendations: Pulse | undefined
  experiments: Pulse | undefined
  turn: Turn | undefined
  learning: Learning | undefined
  audience: Audience | undefined
  info: PlatformInfo | undefined
}

const troubled: StateWord[] = ['failed', 'blocked', 'late', 'silent', 'warned']
const toneOf = { failed: 'bad', blocked: 'blocked', late: 'late', silent: 'late', warned: 'late' } as const
const severity = ['failed', 'late', 'silent', 'warned', 'blocked', 'waiting']
const HOUR_MS = 3_600_000
const pageOf: Record<string, string> = { events: '/events', pipelines: '/data', recommendations: '/recommendations', experiments: '/experiments', catalog: '/catalog' }

export const arcNames: Record<Arc, [from: string, to: string]> = {
  listen: ['Listen', 'Events'],
  events: ['Events', 'Datasets'],
  datasets: ['Datasets', 'Recommendations'],
  recommendations: ['Recommendations', 'Experiments'],
  experiments: ['Experiments', 'Decisions'],
  decisions: ['Decisions', 'Listen'],
}

export function toStations(facts: LoopFacts, has: (path: string) => boolean): Record<Arc, RingStation> {
  const link = (path: string): { to?: string } => (has(path) ? { to: path } : {})
  const { audience, learning } = facts
  return {
    listen: { name: 'Listen', holds: sayAudience(audience), ...link('/listeners') },
    events: { name: 'Events', holds: facts.events?.holds ?? '', ...link('/events') },
    datasets: { name: 'Datasets', holds: facts.pipelines?.holds ?? '', ...link('/data') },
    recommendations: { name: 'Recommendations', holds: facts.recommendations?.holds ?? '', ...link('/recommendations') },
    experiments: { name: 'Experiments', holds: facts.experiments?.holds ?? '', ...link('/experiments') },
    decisions: { name: 'Decisions', holds: sayDecisions(learning), ...link('/decisions') },
  }
}

function sayAudience(audience: Audience | undefined): string {
  if (audience === undefined) return ''
  return audience.total === 0 ? 'nobody yet' : `${formatCount(audience.activeLastDay)} of ${formatThings(audience.total, 'listener')} in 24 h`
}

function sayDecisions(learning: Learning | undefined): string {
  if (learning === undefined) return ''
  if (learning.total.stopped === 0) return 'none yet'
  return `${formatCount(learning.total.stopped)} taken${learning.unshipped.length > 0 ? `, ${formatCount(learning.unshipped.length)} to ship` : ''}`
}

export function toArcs(facts: LoopFacts, nowMs: number): Record<Arc, RingArc> {
  const { learning } = facts
  return {
    listen: sayEvents(toArc(facts.events, nowMs)),
    events: { ...toArc(facts.pipelines, nowMs), lessIsBetter: true },
    datasets: toArc(facts.recommendations, nowMs),
    recommendations: toArc(facts.experiments, nowMs),
    experiments: toPaceArc(learning?.deciding, { none: 'nothing decided yet', week: (count) => `${count} decided this week`, all: (count) => `${count} decided` }),
    decisions: withUnshipped(toPaceArc(learning?.shipping, { none: 'nothing shipped yet', week: (count) => `${count} shipped this week`, all: (count) => `${count} shipped` }), learning?.unshipped.length ?? 0),
  }
}

/** Of the room of events a bare rate comes: "701 /h". At the arc it says of what: "701 events an hour". */
function sayEvents(arc: RingArc): RingArc {
  return { ...arc, rate: arc.rate.replace(/ \/(s|min|h)$/, (_, unit: keyof typeof unitWords) => ` events ${unitWords[unit]}`) }
}

const unitWords = { s: 'a second', min: 'a minute', h: 'an hour' } as const

function withUnshipped(arc: RingArc, count: number): RingArc {
  return count === 0 ? arc : { ...arc, remark: { text: `${formatThings(count, 'win')} to ship`, tone: 'tonic' } }
}

type PaceWords = { none: string; week: (count: string) => string; all: (count: string) => string }

function toPaceArc(pace: Learning['deciding'] | undefined, words: PaceWords): RingArc {
  if (pace === undefined) return { lag: '—', rate: 'not connected', notes: [] }
  if (pace.total === 0) return { lag: '—', rate: words.none, notes: [] }
  const arc: RingArc = { lessIsBetter: true, lag: formatDuration(pace.lagMs), rate: pace.lastWeek > 0 ? words.week(formatCount(pace.lastWeek)) : words.all(formatCount(pace.total)), notes: pace.notes }
  if (pace.notes.some((note) => note.usual !== null)) return arc
  return { ...arc, remark: { text: `${Math.max(1, LEAST_FOR_USUAL + 1 - pace.total)} more until a usual`, tone: 'quiet' } }
}

function toArc(pulse: Pulse | undefined, nowMs: number): RingArc {
  if (pulse === undefined) return { lag: '—', rate: 'not connected', notes: [] }
  const arc: RingArc = { lag: formatDuration(pulse.lagMs), rate: pulse.rate, notes: dropUnderWay(pulse.notes, nowMs) }
  const state = pulse.state
  if (state === 'failed' || state === 'blocked' || state === 'late' || state === 'silent' || state === 'warned') {
    const same = pulse.attention.filter((one) => one.state === state).length
    const late = state === 'late' && typeof pulse.lateMs === 'number' && pulse.lateMs > 0 ? formatLate(pulse.lateMs) : undefined
    return { ...arc, remark: { text: late ?? (same > 1 ? `${same} ${state}` : state), tone: toneOf[state] } }
  }
  if (!pulse.notes.some((note) => note.usual !== null)) return { ...arc, remark: { text: 'no usual yet', tone: 'quiet' } }
  return arc
}

/** An hour that is not over cannot be compared with whole ones; "now" is the last whole hour. Of other periods every note is whole. */
function dropUnderWay(notes: Pulse['notes'], nowMs: number): Pulse['notes'] {
  const [before, last] = notes.slice(-2)
  if (before === undefined || last === undefined) return notes
  const isHourly = Date.parse(last.at) - Date.parse(before.at) === HOUR_MS
  return isHourly && Date.parse(last.at) + HOUR_MS > nowMs ? notes.slice(0, -1) : notes
}

/** Rooms that are away first, then all rooms' attention: what failed first, then by how long it has lasted. While the past is being written nobody can be silent. */
export function toAttention(facts: LoopFacts): Attention[] {
  const away = (facts.info?.away ?? []).map(({ room, reason, since }): Attention => ({ state: 'failed', subject: room, ref: pageOf[room] ?? '/', owner: '', since, message: reason, hurts: 'Until it is back, what is shown of it is old or missing' }))
  const all = [facts.events, facts.pipelines, facts.recommendations, facts.experiments].flatMap((pulse) => pulse?.attention ?? [])
  const told = facts.info?.world.phase === 'history' ? all.filter(({ state }) => state !== 'silent') : all
  return [...away, ...told.toSorted((a, b) => severity.indexOf(a.state) - severity.indexOf(b.state) || a.since.localeCompare(b.since))]
}

/** True when every room that answers has seen nothing at all: a fresh platform. */
export function isFresh(facts: LoopFacts): boolean {
  const { events, pipelines } = facts
  return events !== undefined && events.lagMs === null && events.notes.every((note) => note.value === 0) && (pipelines === undefined || pipelines.lagMs === null)
}

/** A part with `to` leads to where one can act. */
export type GreetingPart = { text: string; to?: string }

/** Hours of a person are their own; of a simulated world, whose day may pass in a minute, nobody is told the time of day. */
export function toGreeting(facts: LoopFacts, attention: Attention[], localHour: number): GreetingPart[] {
  const world = facts.info?.world
  const hello = world?.on === true ? '' : `${localHour < 5 ? 'Good night' : localHour < 12 ? 'Good morning' : localHour < 18 ? 'Good afternoon' : 'Good evening'}. `
  const plain = (text: string): GreetingPart[] => [{ text: `${hello}${text}` }]
  if (world?.phase === 'history') return plain(`The past is being written: ${formatShare(world.progress, 0)} of the simulated weeks are in.`)
  const away = facts.info?.away ?? []
  if (away.length > 0) return plain(sayAway(away.map(({ room }) => room)))
  if (isFresh(facts)) return plain('Nothing has been heard yet; the loop begins with the first event.')
  if (facts.events === undefined && facts.pipelines === undefined) return plain('No room of the loop answers.')
  const troubles = attention.filter((one) => troubled.includes(one.state))
  const waiting = attention.filter((one) => one.state === 'waiting')
  const act = waiting.length === 1 ? 'one act waits for you' : `${spell(waiting.length)} acts wait for you`
  const [first, next] = [troubles[0], waiting[0]]
  if (first !== undefined) {
    const behind = troubles.length === 1 ? 'one bar is behind,' : `${spell(troubles.length)} bars are behind, first`
    const begin = `The loop is turning, and ${behind} ${first.subject.replaceAll('-', '\u2011')}: `
    return [...plain(begin), { text: lowerFirst(toSentence(first.message)), to: first.ref }, ...(next === undefined ? [] : [{ text: ' ' }, { text: `${upperFirst(act)}.`, to: next.ref }])]
  }
  if (next === undefined) return plain('The loop is turning, and every bar is on time.')
  return [...plain(`The loop is turning, and ${act}. `), { text: toSentence(next.message), to: next.ref }]
}

/** "The events and pipelines rooms are away." */
export function sayAway(names: string[]): string {
  const [last = '', ...before] = names.toReversed()
  return before.length === 0 ? `The ${last} room is away.` : `The ${before.toReversed().join(', ')} and ${last} rooms are away.`
}

/** The first sentence of a message, with its full stop. */
function toSentence(message: string): string {
  return (message.split(/(?<=\.)\s(?=\p{Lu})/u)[0] ?? message).replace(/\.?$/, '.')
}

export function toChange(turn: Turn): { text: string; tone: 'good' | 'bad' | 'quiet' } | undefined {
  if (turn.medianMs === null || turn.previousMs === null) return undefined
  const change = turn.medianMs - turn.previousMs
  if (Math.abs(change) < 60_000) return { text: 'as last week', tone: 'quiet' }
  return { text: `${change < 0 ? '↓' : '↑'} ${formatDuration(Math.abs(change))} since last week`, tone: change < 0 ? 'good' : 'bad' }
}

export function toFinding(facts: LoopFacts, arcs: Record<Arc, RingArc>): string {
  const hurt = (Object.keys(arcs) as Arc[]).filter((arc) => arcs[arc].remark !== undefined && !['quiet', 'tonic'].includes(arcs[arc].remark.tone))
  const turn = facts.turn?.medianMs === null || facts.turn === undefined ? 'No turn has been closed yet' : `One turn takes ${formatDuration(facts.turn.medianMs)}`
  return `The loop: six stations on a circular staff. ${turn}. ${hurt.length === 0 ? 'Every arc is on time.' : hurt.map((arc) => `${arcNames[arc].join(' to ')}: ${arcs[arc].remark?.text}`).join('; ')}`
}

export function ageOf(attention: Attention, nowMs: number): string {
  return formatAge(nowMs - Date.parse(attention.since))
}

export function learnedHint(learning: Learning): string {
  const { learned, stopped } = learning.total
  if (stopped === 1) return learned === 1 ? 'the first one taught something' : 'the first one taught nothing'
  return stopped === 0 ? '' : `${learned} of ${formatThings(stopped, 'stopped experiment')} taught something`
}

/** What became of it: shipped, kept as it was, or a win that waits. */
export function sayFate(row: Learning['rows'][number], nowMs: number): string {
  const when = (iso: string): string => `${formatAge(nowMs - Date.parse(iso))} ago`
  if (row.shipped !== null) return `Shipped ${row.shipped}${row.shippedAt === null ? '' : ` ${when(row.shippedAt)}`}`
  return `Decided ${when(row.stoppedAt)}${row.learningClass === 'win' ? ', not shipped' : ''}`
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function spell(count: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][count] ?? String(count)
}
