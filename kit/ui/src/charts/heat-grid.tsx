// Row by day: each cell one partition, in the one vocabulary of states; hourly days hold 24 slivers.
import type { ReactNode } from 'react'
import { ChartFrame } from './chart-frame.tsx'
import styles from './charts.module.css'

/** `mark` is published with a mark; `none` is a day on which nothing is due. */
export type HeatState = 'healthy' | 'late' | 'failed' | 'blocked' | 'mark' | 'waiting' | 'running' | 'none'
export type HeatCell = { state: HeatState; /** Heard and shown on hover: "Sunday 20 September, failed check". */ title: string; /** 0–1, tints a healthy cell by size. */ weight?: number }

export type HeatRow = {
  key: string
  name: ReactNode
  /** Text of the name, for the table view. */
  label: string
  /** One per column: a cell, or 24 of them for an hourly day. */
  cells: (HeatCell | HeatCell[])[]
  /** After the cells: promise, owner. */
  after?: ReactNode[]
}

export type HeatGridProps = {
  rows: HeatRow[]
  /** Column heads, oldest first: "8 Sep", "9", … "Today". */
  columns: string[]
  afterColumns?: string[]
  finding: string
  onCell?: (row: HeatRow, column: number) => void
  /** Explains the drawings under the grid. */
  legend?: boolean
}

const words: Record<HeatState, string> = { healthy: 'healthy', late: 'late', failed: 'failed', blocked: 'blocked', mark: 'published with a mark', waiting: 'not due', running: 'running', none: 'nothing due' }

export function HeatGrid({ rows, columns, afterColumns = [], finding, onCell, legend = true }: HeatGridProps) {
  const text = (cell: HeatCell | HeatCell[]): string => (Array.isArray(cell) ? Object.entries(Object.groupBy(cell, (one) => one.state)).map(([state, group]) => `${group?.length ?? 0} ${words[state as HeatState]}`).join(', ') : words[cell.state])
  return (
    <ChartFrame finding={finding} table={{ head: ['', ...columns], rows: rows.map((row) => [row.label, ...row.cells.map(text)]) }}>
      <table className={styles.heat} aria-label={finding}>
        <thead><tr><th />{columns.map((column, index) => <th key={`${column} ${index}`} scope="col" data-now={index === columns.length - 1 || undefined}>{column}</th>)}{afterColumns.map((column) => <th key={column} scope="col" className={styles.side}>{column}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">{row.name}</th>
              {row.cells.map((cell, index) => (
                <td key={index}>
                  <button type="button" className={styles.cell} style={{ display: 'block', width: '100%' }} disabled={onCell === undefined} onClick={() => onCell?.(row, index)}>
                    {Array.isArray(cell) ? <Slivers cells={cell} /> : <Cell cell={cell} />}
                  </button>
                </td>
              ))}
              {row.after?.map((value, index) => <td key={`after ${index}`} className={styles.side}>{value}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      {legend && <HeatLegend />}
    </ChartFrame>
  )
}

function Cell({ cell }: { cell: HeatCell }) {
  return <svg viewBox="0 0 32 20" height="20" preserveAspectRatio="none" role="img" aria-label={`${cell.title}: ${words[cell.state]}`}><title>{cell.title}</title>{draw(cell)}</svg>
}

function draw({ state, weight }: HeatCell): ReactNode {
  const box = { x: 0.5, y: 2.5, width: 31, height: 15, rx: 2 }
  switch (state) {
    case 'healthy':
      return <rect {...box} fill="var(--ink)" opacity={0.12 + 0.1 * (weight ?? 0.5)} />
    case 'late':
      return <><rect {...box} fill="none" stroke="var(--late-2)" strokeWidth="1.3" /><rect x="0.5" y="10" width="31" height="7.5" rx="1" fill="var(--late-2)" /></>
    case 'failed':
      return <path d="M.5 4.5a2 2 0 0 1 2-2H24l7.5 7.5v5.5a2 2 0 0 1-2 2h-27a2 2 0 0 1-2-2z" fill="var(--bad)" />
    case 'blocked':
      return <><pattern id="heat-blocked" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V5" stroke="var(--blocked)" strokeWidth="1.4" /></pattern><rect {...box} fill="url(#heat-blocked)" stroke="var(--blocked)" strokeWidth="1.2" /></>
    case 'mark':
      return <><rect {...box} fill="var(--ink)" opacity=".16" /><path d="M23 2.5h8.5v8.5z" fill="var(--late-2)" /></>
    case 'running':
      return <rect {...box} fill="var(--tonic-soft)" stroke="var(--tonic)" strokeWidth="1.2" />
    case 'waiting':
      return <rect {...box} fill="none" stroke="var(--line-2)" />
    case 'none':
      return <path d="M13 10h6" stroke="var(--line-2)" strokeWidth="1.4" />
  }
}

const sliverColour: Record<HeatState, string> = { healthy: 'var(--ink)', late: 'var(--late-2)', failed: 'var(--bad)', blocked: 'var(--blocked)', mark: 'var(--late-2)', running: 'var(--tonic)', waiting: 'var(--line-2)', none: 'var(--line-2)' }

function Slivers({ cells }: { cells: HeatCell[] }) {
  const says = Object.entries(Object.groupBy(cells, (cell) => cell.state)).map(([state, group]) => `${group?.length ?? 0} ${words[state as HeatState]}`).join(', ')
  return (
    <svg viewBox="0 0 32 20" height="20" preserveAspectRatio="none" role="img" aria-label={says}>
      {cells.map((cell, index) => {
        const isFlat = cell.state === 'waiting' || cell.state === 'none'
        return <rect key={index} x={(index * 32) / cells.length} y={isFlat ? 17 : 2} width={(32 / cells.length) * 0.86} height={isFlat ? 1 : 16} fill={sliverColour[cell.state]} opacity={cell.state === 'healthy' ? 0.34 + 0.14 * (cell.weight ?? 0.5) : 1}><title>{cell.title}</title></rect>
      })}
    </svg>
  )
}

function HeatLegend() {
  return <div className={styles.legend}>{(['healthy', 'late', 'failed', 'blocked', 'mark', 'running', 'waiting'] as const).map((state) => <span key={state}><svg viewBox="0 0 32 20" width="32" height="20" aria-hidden="true">{draw({ state, title: '' })}</svg>{words[state]}</span>)}</div>
}
