// The circle of staves: six stations, and between them the last notes of the way from one to the next.
import type { ReactNode } from 'react'
import { arcs, type Arc } from '../navigation/pages.ts'
import { stationIcons } from '../shell/places.ts'
import { pointAt, polar } from './polar.ts'
import { isUnusual, staffPosition, type StaffNote } from './staff-position.ts'
import styles from './loop-ring.module.css'

export type RingStation = { name: string; holds: string; to?: string }

export type RingArc = {
  /** "1 h 12 min"; "—" when nothing has passed yet. */
  lag: string
  /** "412 buckets/h" */
  rate: string
  notes: readonly StaffNote[]
  /** A third line, in the state's colour: "41 min late". Tones of trouble tint the staff; tonic is an act that waits for the reader. */
  remark?: { text: string; tone: 'late' | 'bad' | 'blocked' | 'tonic' | 'quiet' }
  /** Notes are times taken: less than usual is never marked. */
  lessIsBetter?: boolean
}

export type LoopRingProps = {
  stations: Record<Arc, RingStation>
  /** By the station where the arc begins. */
  arcs: Record<Arc, RingArc>
  /** One sentence for those who do not see it. */
  finding: string
  /** What stands in the middle: set with `x = 0, y = 0` as the centre. */
  centre: ReactNode
  /** Narrow drops figures at the arcs and names move inside. */
  narrow?: boolean
  onOpen?: (path: string) => void
}

const WIDE = { width: 744, height: 610, cx: 372, cy: 308, radius: 216, line: 7.5, half: 8.6, slots: 24, rx: 3.9, ry: 2.9, station: 20, icon: 20 }
const NARROW = { width: 366, height: 322, cx: 183, cy: 161, radius: 130, line: 4.6, half: 11, slots: 13, rx: 2.9, ry: 2.2, station: 15, icon: 16 }

export function LoopRing({ stations, arcs: between, finding, centre, narrow = false, onOpen }: LoopRingProps) {
  const g = narrow ? NARROW : WIDE
  return (
    <svg className={styles.ring} viewBox={`0 0 ${g.width} ${g.height}`} width={g.width} height={g.height} role="group" aria-label={finding}>
      {arcs.map((arc, index) => <StaffArc key={arc} g={g} from={index * 60} arc={between[arc]} isFirst={index === 0} isLast={index === 5} />)}
      {arcs.map((arc, index) => <Station key={arc} g={g} arc={arc} angle={index * 60} station={stations[arc]} narrow={narrow} onOpen={onOpen} />)}
      {!narrow && arcs.map((arc, index) => <ArcFigures key={arc} index={index} arc={between[arc]} />)}
      <g transform={`translate(${g.cx} ${g.cy})`}>{centre}</g>
    </svg>
  )
}

type Geometry = typeof WIDE

function StaffArc({ g, from, arc, isFirst, isLast }: { g: Geometry; from: number; arc: RingArc; isFirst: boolean; isLast: boolean }) {
  const start = from + g.half
  const end = from + 60 - g.half
  const at = (radius: number, angle: number): string => pointAt(g.cx, g.cy, radius, angle)
  const tone = arc.remark?.tone ?? 'quiet'
  const tint = tone === 'quiet' || tone === 'tonic' ? 'var(--line-2)' : `var(--${tone === 'late' ? 'late-2' : tone})`
  // Unusual is a shape; a colour only where somebody must act.
  const rim = tint === 'var(--line-2)' ? 'var(--ink-2)' : `var(--${tone})`
  const notes = arc.notes.slice(-g.slots)
  const first = start + 2
  const step = (end - 2 - first) / (g.slots - 1)
  const edge = 2 * g.line
  const bar = (angle: number, width: number): ReactNode => <path d={`M${at(g.radius - edge, angle)}L${at(g.radius + edge, angle)}`} stroke="var(--ink)" strokeWidth={width} />
  return (
    <g>
      {[-2, -1, 0, 1, 2].map((line) => {
        const radius = g.radius + line * g.line
        return <path key={line} d={`M${at(radius, start)}A${radius} ${radius} 0 0 1 ${at(radius, end)}`} fill="none" stroke={tint} strokeWidth="0.9" opacity={tint === 'var(--line-2)' ? 1 : 0.75} />
      })}
      {notes.map((note, index) => {
        const position = staffPosition(note)
        if (position === null) return null
        const slot = index + g.slots - notes.length
        const angle = first + slot * step
        const radius = g.radius + position * edge
        const { x, y } = polar(g.cx, g.cy, radius, angle)
        const isNow = index === notes.length - 1
        const hollow = isUnusual(note) && !(arc.lessIsBetter === true && position < 0)
        const turn = `rotate(${(angle - 20).toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)})`
        const ledger = hollow ? <path d={`M${at(radius, angle - (g.rx * 160) / g.radius / 2)}L${at(radius, angle + (g.rx * 160) / g.radius / 2)}`} stroke={rim} opacity="0.7" /> : null
        return (
          <g key={note.at} className={isNow && isFirst && !hollow ? 'breathing' : undefined}>
            {ledger}
            <ellipse cx={x.toFixed(1)} cy={y.toFixed(1)} rx={g.rx} ry={g.ry} transform={turn} fill={hollow ? 'var(--sheet)' : isNow ? 'var(--tonic)' : 'var(--ink)'} stroke={hollow ? rim : 'none'} strokeWidth={tint === 'var(--line-2)' ? 1.3 : 1.7} opacity={isNow || hollow ? 1 : (0.5 + (0.45 * slot) / g.slots).toFixed(2)} />
          </g>
        )
      })}
      {bar(start, 1.1)}
      {bar(end, isLast ? 3.4 : 1.1)}
      {isLast && bar(end - 1.5, 1)}
    </g>
  )
}

type StationProps = { g: Geometry; arc: Arc; angle: number; station: RingStation; narrow: boolean; onOpen: ((path: string) => void) | undefined }

function Station({ g, arc, angle, station, narrow, onOpen }: StationProps) {
  const { x, y } = polar(g.cx, g.cy, g.radius, angle)
  const Mark = stationIcons[arc]
  const side = angle === 0 || angle === 180 ? 'middle' : angle < 180 ? 'start' : 'end'
  const label = narrow ? narrowLabel(angle, x, y) : wideLabel(angle, x, y)
  const open = station.to === undefined || onOpen === undefined ? undefined : { role: 'link', tabIndex: 0, className: styles.station, onClick: () => onOpen(station.to ?? '/'), onKeyDown: (event: { key: string }) => event.key === 'Enter' && onOpen(station.to ?? '/') }
  return (
    <g {...open} aria-label={`${station.name} ${station.holds}`.trim()}>
      <circle cx={x} cy={y} r={g.station} fill="var(--sheet)" stroke="var(--ink)" strokeWidth="1.3" />
      <g transform={`translate(${x - g.icon / 2} ${y - g.icon / 2})`} color="var(--ink)"><Mark size={g.icon} stroke={1.75} /></g>
      <text x={label.x} y={label.y} textAnchor={narrow ? label.anchor : side} className={narrow ? styles.nameNarrow : styles.name}>{station.name}</text>{' '}
      {!narrow && <text x={label.x} y={label.y + 17} textAnchor={side} className={styles.holds}>{station.holds}</text>}
    </g>
  )
}

type Label = { x: number; y: number; anchor: 'start' | 'middle' | 'end' }

function wideLabel(angle: number, x: number, y: number): Label {
  if (angle === 0) return { x, y: y - 54, anchor: 'middle' }
  if (angle === 180) return { x, y: y + 54, anchor: 'middle' }
  const below = angle > 90 && angle < 270
  return { x: angle < 180 ? x + 38 : x - 38, y: below ? y + 19 : y - 25, anchor: 'middle' }
}

function narrowLabel(angle: number, x: number, y: number): Label {
  if (angle === 0) return { x, y: y + 35, anchor: 'middle' }
  if (angle === 180) return { x, y: y - 24, anchor: 'middle' }
  const below = angle > 90 && angle < 270
  return { x: angle < 180 ? x - 24 : x + 24, y: below ? y - 1 : y + 14, anchor: angle < 180 ? 'end' : 'start' }
}

/** Where the figures of each arc stand, clockwise from Listen to Events. */
const figurePlaces: { x: number; y: number; anchor: 'start' | 'end' }[] = [
  { x: 512, y: 88, anchor: 'start' },
  { x: 622, y: 306, anchor: 'start' },
  { x: 508, y: 526, anchor: 'start' },
  { x: 236, y: 526, anchor: 'end' },
  { x: 122, y: 306, anchor: 'end' },
  { x: 232, y: 88, anchor: 'end' },
]

function ArcFigures({ index, arc }: { index: number; arc: RingArc }) {
  const place = figurePlaces[index]
  if (place === undefined) return null
  const { x, anchor } = place
  const y = arc.remark !== undefined && (index === 0 || index === 5) ? place.y - 17 : place.y
  return (
    <g textAnchor={anchor}>
      <text x={x} y={y} className={styles.lag}>{arc.lag}</text>
      <text x={x} y={y + 16} className={styles.rate}>{arc.rate}</text>
      {arc.remark !== undefined && <text x={x} y={y + 33} className={arc.remark.tone === 'quiet' ? styles.rate : styles.trouble} style={{ fill: `var(--${arc.remark.tone === 'quiet' ? 'ink-3' : arc.remark.tone})` }}>{arc.remark.text}</text>}
    </g>
  )
}

/** The usual content of the middle: a line above, one hero number, a line below, and a change. */
export function RingCentre({ above, value, below, change, faint = false, narrow = false }: { above: string; value: string; below: string; /** There is no number yet: `value` is a word. */ faint?: boolean; change?: { text: string; tone: 'good' | 'bad' | 'quiet' }; narrow?: boolean }) {
  const colour = change === undefined || change.tone === 'quiet' ? 'var(--ink-3)' : `var(--${change.tone})`
  return (
    <g textAnchor="middle">
      <text y={narrow ? -22 : -36} className={styles.holds}>{above}</text>
      <text y={8} className={`${narrow ? styles.heroNarrow : styles.hero} ${faint ? styles.faint : ''}`}>{value}</text>
      {!narrow && <text y={32} className={styles.below}>{below}</text>}
      {change !== undefined && <text y={narrow ? 28 : 51} className={styles.change} style={{ fill: colour }}>{change.text}</text>}
    </g>
  )
}
