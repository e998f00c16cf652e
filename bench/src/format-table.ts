// The table that the benchmarks end with.
import type { BenchResult } from './result.ts'

/** Figures are aligned right; ratios have three significant digits, or are whole above 1000. */
export function formatTable(rows: readonly BenchResult[]): string {
  const header = ['name', 'figure', 'ratio', 'to', 'mark', 'ok?']
  const cells = rows.map((row) => [
    row.name,
    row.figure,
    row.ratio === undefined ? '' : formatNumber(row.ratio),
    row.reference ?? '',
    row.mark ?? '',
    row.ok === undefined ? '' : row.ok ? 'yes' : 'NO',
  ])
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => (row[column] ?? '').length)))
  const rightAligned = new Set([1, 2])
  const toLine = (row: string[]): string => row.map((cell, column) => (rightAligned.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd()
  return [toLine(header), widths.map((width) => '-'.repeat(width)).join('  '), ...cells.map(toLine)].join('\n')
}

function formatNumber(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}
