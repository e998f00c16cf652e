// Cells of an answer as text, for the table, CSV and the clipboard.
import type { SqlResult } from '@rondo/pipelines/contract'
import { formatNumber } from '@rondo/ui/format'

export const isNumeric = (type: string): boolean => /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|REAL|DECIMAL.*)$/i.test(type)

/** Whole numbers ungrouped, so that ids stay ids; fractions with up to four places; instants without their T. */
export function showCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return Number.isInteger(value) ? `${value}` : Math.abs(value) >= 0.001 ? `${Number(value.toFixed(4))}` : formatNumber(value)
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? value.replace('T', ' ').replace(/\.000Z$|Z$/, '') : value
  return typeof value === 'boolean' ? `${value}` : JSON.stringify(value)
}

export function toCsv({ columns, rows }: Pick<SqlResult, 'columns' | 'rows'>): string {
  const quote = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const raw = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : `${value as string | number | boolean}`)
  return [columns.map((column) => quote(column.name)).join(','), ...rows.map((row) => columns.map((column) => quote(raw(row[column.name]))).join(','))].join('\n')
}
