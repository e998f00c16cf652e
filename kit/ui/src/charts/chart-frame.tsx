// Around every chart: its finding in one sentence for those who do not see it, and "Show as table".
import { IconChartDots, IconTable } from '@tabler/icons-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import styles from './charts.module.css'

export type ChartTable = { head: string[]; rows: (string | number)[][] }

export type ChartFrameProps = {
  /** One sentence: what the chart shows. */
  finding: string
  table: ChartTable
  /** Charts wider than the screen scroll sideways. */
  children: ReactNode
}

export function ChartFrame({ finding, table, children }: ChartFrameProps) {
  const [asTable, setAsTable] = useState(false)
  return (
    <figure className={styles.frame}>
      {asTable ? <ChartAsTable finding={finding} table={table} /> : <Scroller label={finding}>{children}</Scroller>}
      <figcaption className={styles.caption}>
        <button type="button" onClick={() => setAsTable(!asTable)} aria-pressed={asTable}>
          {asTable ? <IconChartDots size={13} stroke={1.75} /> : <IconTable size={13} stroke={1.75} />}
          {asTable ? 'Show as chart' : 'Show as table'}
        </button>
      </figcaption>
    </figure>
  )
}

/** A stop for the keyboard only when there is something to scroll. */
function Scroller({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const [scrolls, setScrolls] = useState(false)
  useEffect(() => {
    const observer = new ResizeObserver(() => setScrolls(box.current !== null && box.current.scrollWidth > box.current.clientWidth + 1))
    if (box.current !== null) observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  return <div ref={box} className={styles.scroll} {...(scrolls ? { tabIndex: 0, role: 'group', 'aria-label': label } : {})}>{children}</div>
}

function ChartAsTable({ finding, table }: { finding: string; table: ChartTable }) {
  return (
    <div className={styles.tableBox}>
      <table className={styles.table}>
        <caption className="hidden-word">{finding}</caption>
        <thead><tr>{table.head.map((cell) => <th key={cell} scope="col">{cell}</th>)}</tr></thead>
        <tbody>{table.rows.map((row, index) => <tr key={index}>{row.map((cell, at) => <td key={at} className={typeof cell === 'number' ? 'number' : undefined}>{cell}</td>)}</tr>)}</tbody>
      </table>
    </div>
  )
}
