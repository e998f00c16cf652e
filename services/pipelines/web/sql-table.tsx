// An answer of SQL as a table: numbers right, nulls quiet, a row whole in the drawer.
import { DataTable, EmptyState, KeyValues, Section, type Column } from '@rondo/ui'
import { useMemo } from 'react'
import type { SqlResult } from '@rondo/pipelines/contract'
import { isNumeric, showCell } from './sql-cells.ts'
import styles from './data.module.css'

type Line = { at: number; row: SqlResult['rows'][number] }

export function SqlTable({ result }: { result: SqlResult }) {
  const lines = useMemo(() => result.rows.map((row, at): Line => ({ at, row })), [result])
  const columns = useMemo(() => result.columns.map((column, index): Column<Line> => {
    const numeric = isNumeric(column.type)
    return {
      id: column.name,
      header: <span title={column.type}>{column.name}</span>,
      cell: ({ row }) => <Cell value={row[column.name]} />,
      sort: ({ row }) => sortKey(row[column.name]),
      ...(numeric && index > 0 ? { align: 'end' as const } : {}),
      ...(index === 1 ? { narrow: 'value' as const } : index > 1 && index < 5 ? { narrow: 'line' as const } : {}),
    }
  }), [result])
  return (
    <div className={styles.answer}>
      <DataTable label="Answer" name="row" rows={lines} columns={columns} rowKey={(line) => `${line.at}`} peekTitle={(line) => `Row ${line.at + 1}`} peek={({ row }) => <Section><KeyValues rows={result.columns.map((column) => [column.name, <Cell key={column.name} value={row[column.name]} whole />])} /></Section>} empty={<EmptyState title="No rows.">The question was understood, and nothing matches it.</EmptyState>} />
    </div>
  )
}

function Cell({ value, whole = false }: { value: unknown; whole?: boolean }) {
  if (value === null || value === undefined) return <span className="quiet">null</span>
  return whole ? <code>{showCell(value)}</code> : <span className={`clip ${styles.value}`} title={typeof value === 'string' && value.length > 40 ? value : undefined}>{showCell(value)}</span>
}

function sortKey(value: unknown): string | number | null {
  return typeof value === 'number' || typeof value === 'string' ? value : value === null || value === undefined ? null : showCell(value)
}
