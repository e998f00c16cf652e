// What is made from what, left to right; the hurt path is thick in its state's colour, everything else stays a hairline.
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useNarrow } from '../layout/use-fitting.ts'
import { StateMark, stateColour, type StateWord } from '../state/state-glyph.tsx'
import type { Icon } from '../shell/places.ts'
import { ChartFrame } from './chart-frame.tsx'
import { nextNode } from './lineage-keys.ts'
import { layoutLineage, NODE, type Placed } from './lineage-layout.ts'
import styles from './charts.module.css'

export type LineageGraphNode = {
  id: string
  name: string
  /** Quiet second line: "taste, Sunday 04:41". */
  detail?: string
  /** Nothing that runs has none. */
  state?: StateWord
  /** Stands where the state's mark would, while there is no state: 16 px wide. */
  icon?: Icon
  /** Several things in one node. */
  isMany?: boolean
}

export type LineageGraphEdge = {
  from: string
  to: string
  /** What the edge means, where not all mean the same: "depends on". */
  kind?: string
  line?: 'solid' | 'dashed' | 'dotted'
}

export type LineageGraphProps = {
  nodes: readonly LineageGraphNode[]
  edges: readonly LineageGraphEdge[]
  /** Drawn with a thick border. */
  focus?: string
  finding: string
  onOpen?: (id: string) => void
}

const MAX_NODES = 300
const hurting: (StateWord | undefined)[] = ['failed', 'blocked', 'late', 'silent']
const dashes = { solid: undefined, dashed: '5 4', dotted: '1.5 3.5' } as const

export function LineageGraph({ nodes, edges, focus, finding, onOpen }: LineageGraphProps) {
  const shown = useMemo(() => nodes.slice(0, MAX_NODES), [nodes])
  const align = useNarrow() ? 'top' : 'middle'
  const { places, width, height } = useMemo(() => layoutLineage(shown, edges, align), [shown, edges, align])
  const inReadingOrder = useMemo(() => shown.toSorted((a, b) => orderOf(places, a.id) - orderOf(places, b.id)), [shown, places])
  const drawing = useRef<SVGSVGElement>(null)
  const [chosen, setChosen] = useState<string | undefined>()
  // One stop for Tab; the arrow keys lead on from it.
  const stop = [chosen, focus].find((id) => id !== undefined && places.has(id)) ?? inReadingOrder[0]?.id
  const isPlaced = focus !== undefined && places.has(focus)
  useEffect(() => {
    const box = drawing.current?.parentElement
    const middle = drawing.current?.querySelector('[data-focus]')
    if (!isPlaced || box === null || box === undefined || middle === null || middle === undefined) return
    const [outer, inner] = [box.getBoundingClientRect(), middle.getBoundingClientRect()]
    if (inner.right > outer.right || inner.left < outer.left) box.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2
  }, [focus, isPlaced])
  const press = (id: string, event: KeyboardEvent<SVGGElement>): void => {
    if (event.key === 'Enter') onOpen?.(id)
    const next = nextNode(places, id, event.key)
    if (next === undefined) return
    event.preventDefault()
    setChosen(next)
    drawing.current?.querySelector<SVGGElement>(`[data-node="${CSS.escape(next)}"]`)?.focus()
  }
  const stateOf = new Map(shown.map((node) => [node.id, node.state]))
  const names = new Map(shown.map((node) => [node.id, node.name]))
  const hasKinds = edges.some((edge) => edge.kind !== undefined)
  const table = { head: hasKinds ? ['From', 'Relation', 'To'] : ['From', 'To'], rows: edges.map((edge) => [names.get(edge.from) ?? edge.from, ...(hasKinds ? [edge.kind ?? ''] : []), names.get(edge.to) ?? edge.to]) }
  return (
    <>
      <ChartFrame finding={finding} table={table}>
        <svg ref={drawing} viewBox={`-1 -1 ${width + 2} ${height + 2}`} style={{ width: '100%', height: 'auto', minWidth: width * 0.85, maxWidth: width + 2 }} role="group" aria-label={finding}>
          {edges.map((edge) => {
            const a = places.get(edge.from)
            const b = places.get(edge.to)
            if (a === undefined || b === undefined) return null
            const cause = stateOf.get(edge.from)
            const isHurt = cause !== undefined && hurting.includes(cause) && !['healthy', 'running'].includes(stateOf.get(edge.to) ?? 'healthy')
            const colour = isHurt ? stateColour[cause] : 'var(--line-2)'
            const x1 = a.x + NODE.width
            const y1 = a.y + NODE.height / 2
            const x2 = b.x - 4
            const y2 = b.y + NODE.height / 2
            const bend = Math.max(25, (x2 - x1) / 2)
            return (
              <g key={`${edge.from} ${edge.to} ${edge.kind ?? ''}`} fill="none">
                {edge.kind !== undefined && <title>{`${names.get(edge.from)}, ${names.get(edge.to)}: ${edge.kind}`}</title>}
                <path d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`} stroke={colour} strokeWidth={isHurt ? 2 : 1.3} strokeDasharray={dashes[edge.line ?? 'solid']} />
                <path d={`M${x2 - 2} ${y2 - 3.5}l5 3.5-5 3.5`} stroke={isHurt ? colour : 'var(--ink-3)'} strokeWidth="1.3" />
              </g>
            )
          })}
          {inReadingOrder.map((node) => {
            const place = places.get(node.id)
            if (place === undefined) return null
            const isLoud = hurting.includes(node.state)
            const border = isLoud && node.state !== undefined ? stateColour[node.state] : 'var(--line-2)'
            const isDashed = node.state === 'waiting' || node.state === 'draft'
            const open = onOpen === undefined ? {} : { role: 'link', tabIndex: node.id === stop ? 0 : -1, className: styles.node, onClick: () => onOpen(node.id), onFocus: () => setChosen(node.id), onKeyDown: (event: KeyboardEvent<SVGGElement>) => press(node.id, event) }
            return (
              <g key={node.id} {...open} data-node={node.id} data-focus={node.id === focus || undefined} transform={`translate(${place.x} ${place.y})`} aria-label={`${node.name}${node.detail === undefined ? '' : ` ${node.detail}`}${node.state === undefined ? '' : `, ${node.state}`}`}>
                {node.isMany === true && <rect x="4.5" y="4.5" width={NODE.width - 1} height={NODE.height - 1} rx="7" fill="var(--sheet)" stroke="var(--line-2)" />}
                <rect x="0.5" y="0.5" width={NODE.width - 1} height={NODE.height - 1} rx="7" fill="var(--raised)" stroke={node.id === focus && !isLoud ? 'var(--ink)' : border} strokeWidth={node.id === focus ? 2 : 1} strokeDasharray={isDashed ? '4 3' : undefined} />
                {node.state === undefined ? node.icon !== undefined && <g transform="translate(9 9)" color="var(--ink-3)"><node.icon size={15} stroke={1.6} /></g> : <StateMark state={node.state} x={11} y={11} />}
                <foreignObject x="30" y="6" width={NODE.width - 38} height={NODE.height - 10}>
                  <div className={styles.nodeText} title={node.detail === undefined ? node.name : `${node.name}, ${node.detail}`}><b>{node.name}</b>{' '}{node.detail !== undefined && <span>{keepParts(node.detail)}</span>}</div>
                </foreignObject>
              </g>
            )
          })}
        </svg>
      </ChartFrame>
      {nodes.length > MAX_NODES && <p className="quiet small">{nodes.length - MAX_NODES} more are not drawn; narrow the question.</p>}
    </>
  )
}

/** A detail that needs two lines breaks between its parts: "taste ·" above "Mon 21 Sep 09:00". */
function keepParts(detail: string): string {
  return detail.split(' · ').map((part) => part.replaceAll(' ', '\u00a0')).join('\u00a0· ')
}

/** As one reads: column by column, each from the top. */
function orderOf(places: ReadonlyMap<string, Placed>, id: string): number {
  const place = places.get(id)
  return place === undefined ? 0 : place.column * 1_000 + place.row
}
