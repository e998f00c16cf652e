// What the circle shows, from what the rooms report: pure, so that it can be read and tested without a browser.
import type { Attention, Pulse } from '@rondo/contract'
import { formatAge, formatDuration, formatShare, formatThings } from '@rondo/ui/format'
import type { Arc, RingArc, RingStation, StateWord } from '@rondo/ui'
import type { Learning } from '@rondo/experiments/contract'
import type { PlatformInfo, Turn } from '../use-loop.ts'

export type LoopFacts = {
  events: Pulse | undefined
  pipelines: Pulse | undefined
  recommendations: Pulse | undefined
  experiments: Pulse | undefined
  turn: Turn | undefined
  learning: Learning | undefined
  info: PlatformInfo | undefined
}

const DAY_MS = 86_400_000
const troubled: StateWord[] = ['failed', 'blocked', 'late', 'silent', 'warned']
const toneOf = { failed: 'bad', blocked: 'blocked', late: 'late', silent: 'late', warned: 'late' } as const
const severity = ['failed', 'late', 'silent', 'warned', 'blocked']

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
  const { info, learning } = facts
  return {
    listen: { name: 'Listen', holds: info?.world.on === true ? `${info.world.size} world, simulated` : '', ...link('/listeners') },
    events: { name: 'Events', holds: facts.events?.holds ?? '', ...link('/events') },
    datasets: { name: 'Datasets', holds: facts.pipelines?.holds ?? '', ...link('/data') },
    recommendations: { name: 'Recommendations', holds: facts.recommendations?.holds ?? '', ...link('/recommendations') },
    experiments: { name: 'Experiments', holds: facts.experiments?.holds ?? '', ...link('/experiments') },
    decisions: { name: 'Decisions', holds: learning === undefined ? '' : learning.total.stopped === 0 ? 'none yet' : `${learning.total.stopped} taken`, ...link('/decisions') },
  }
}

export function toArcs(facts: LoopFacts, nowMs: number): Record<Arc, RingArc> {
  const rows = facts.learning?.rows ?? []
  const week = rows.filter((row) => nowMs - Date.parse(row.stoppedAt) < 7 * DAY_MS)
  const shipped = rows.filter((row) => row.shipped !== null).length
  return {
    listen: toArc(facts.events),
    events: toArc(facts.pipelines),
    datasets: toArc(facts.recommendations),
    recommendations: toArc(facts.experiments),
    experiments: { lag: '—', rate: facts.learning === undefined ? '' : rows.length === 0 ? 'nothing decided yet' : `${week.length} this week`, notes: [] },
    decisions: { lag: '—', rate: facts.learning === undefined ? '' : shipped === 0 ? 'nothing shipped yet' : `${shipped} shipped`, notes: [] },
  }
}

function toArc(pulse: Pulse | undefined): RingArc {
  if (pulse === undefined) return { lag: '—', rate: 'not connected', notes: [] }
  const arc: RingArc = { lag: formatDuration(pulse.lagMs), rate: pulse.rate, notes: pulse.notes }
  const state = pulse.state
  if (state === 'failed' || state === 'blocked' || state === 'late' || state === 'silent' || state === 'warned') {
    const same = pulse.attention.filter((one) => one.state === state).length
    return { ...arc, remark: { text: same > 1 ? `${same} ${state}` : state, tone: toneOf[state] } }
  }
  if (!pulse.notes.some((note) => note.usual !== null)) return { ...arc, remark: { text: '8 days until a usual', tone: 'quiet' } }
  return arc
}

/** All rooms' attention: what failed first, then by how long it has lasted. */
export function toAttention(facts: LoopFacts): Attention[] {
  const all = [facts.events, facts.pipelines, facts.recommendations, facts.experiments].flatMap((pulse) => pulse?.attention ?? [])
  return all.toSorted((a, b) => severity.indexOf(a.state) - severity.indexOf(b.state) || a.since.localeCompare(b.since))
}

/** True when every room that answers has seen nothing at all: a fresh platform. */
export function isFresh(facts: LoopFacts): boolean {
  const { events, pipelines } = facts
  return events !== undefined && events.lagMs === null && events.notes.every((note) => note.value === 0) && (pipelines === undefined || pipelines.lagMs === null)
}

export function toGreeting(facts: LoopFacts, attention: Attention[], localHour: number): string {
  const hello = localHour < 5 ? 'Good night' : localHour < 12 ? 'Good morning' : localHour < 18 ? 'Good afternoon' : 'Good evening'
  const world = facts.info?.world
  if (world?.phase === 'history') return `${hello}. The past is being written: ${formatShare(world.progress, 0)} of the simulated weeks are in.`
  if (isFresh(facts)) return `${hello}. Nothing has been heard yet; the loop begins with the first event.`
  if (facts.events === undefined && facts.pipelines === undefined) return `${hello}.`
  const first = attention.find((one) => troubled.includes(one.state))
  if (first === undefined) return `${hello}. The loop is turning, and every bar is on time.`
  const behind = attention.filter((one) => troubled.includes(one.state)).length
  const sentence = lowerFirst((first.message.split(/(?<=\.)\s/)[0] ?? first.message).replace(/\.?$/, '.'))
  const subject = first.subject.replaceAll('-', '\u2011')
  return `${hello}. The loop is turning, and ${behind === 1 ? 'one bar is behind,' : `${spell(behind)} bars are behind, first`} ${subject}: ${sentence}`
}

export function toChange(turn: Turn): { text: string; tone: 'good' | 'bad' | 'quiet' } | undefined {
  if (turn.medianMs === null || turn.previousMs === null) return undefined
  const change = turn.medianMs - turn.previousMs
  if (Math.abs(change) < 60_000) return { text: 'as last week', tone: 'quiet' }
  return { text: `${change < 0 ? '↓' : '↑'} ${formatDuration(Math.abs(change))} since last week`, tone: change < 0 ? 'good' : 'bad' }
}

export function toFinding(facts: LoopFacts, arcs: Record<Arc, RingArc>): string {
  const hurt = (Object.keys(arcs) as Arc[]).filter((arc) => arcs[arc].remark !== undefined && arcs[arc].remark.tone !== 'quiet')
  const turn = facts.turn?.medianMs === null || facts.turn === undefined ? 'No turn has been closed yet' : `One turn takes ${formatDuration(facts.turn.medianMs)}`
  return `The loop: six stations on a circular staff. ${turn}. ${hurt.length === 0 ? 'Every arc is on time.' : hurt.map((arc) => `${arcNames[arc].join(' to ')}: ${arcs[arc].remark?.text}`).join('; ')}`
}

export function ageOf(attention: Attention, nowMs: number): string {
  return formatAge(nowMs - Date.parse(attention.since))
}

export function learnedHint(learning: Learning): string {
  const { learned, stopped } = learning.total
  return stopped === 0 ? '' : `${learned} of ${formatThings(stopped, 'stopped experiment')} taught something`
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

function spell(count: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][count] ?? String(count)
}
