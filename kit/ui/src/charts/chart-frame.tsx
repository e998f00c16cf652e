// Around every chart: its finding in one sentence for those who do not see it, and "Show as table".
import { IconChartDots, IconTable } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
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
      {asTable ? <ChartAsTable finding={finding} table={table} /> : <div className={styles.scroll}>{children}</div>}
      <figcaption className={styles.caption}>
        <button type="button" onClick={() => setAsTable(!asTable)} aria-pressed={asTable}>
          {asTable ? <IconChartDots size={13} stroke={1.75} /> : <IconTable size={13} stroke={1.75} />}
          {asTable ? 'Show as chart' : 'Show as table'}
        </button>
      </figcaption>
    </figure>
  )
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
