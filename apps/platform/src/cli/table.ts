// Rows as columns of text. A terminal's lines end at its width; what goes elsewhere is whole.

const GAP = '  '
/** Narrower than this no column is made for the sake of others. */
const LEAST = 8

/** `width`: of a line, where there is an end to it; the widest columns are then cut, and "…" says so. Numbers never are. */
export function toTable(rows: Record<string, unknown>[], columns: string[], width?: number): string {
  const cells = rows.map((row) => columns.map((column) => toCell(row[column])))
  const numeric = columns.map((column) => rows.every((row) => typeof row[column] === 'number' || row[column] === null || row[column] === undefined))
  const whole = columns.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i]?.length ?? 0)))
  const widths = width === undefined ? whole : fit(whole, numeric, width - GAP.length * (columns.length - 1))
  const line = (values: string[]): string => values.map((value, i) => (numeric[i] === true ? value.padStart(widths[i] ?? 0) : cut(value, widths[i] ?? 0).padEnd(widths[i] ?? 0))).join(GAP).trimEnd()
  return [line(columns), ...cells.map(line), ''].join('\n')
}

/** The widest columns share what the others leave; the first, which names the row, is cut last. */
function fit(whole: number[], numeric: boolean[], room: number): number[] {
  const first = share(whole, numeric.map((fixed, i) => fixed || i === 0), room)
  return sum(first) <= room ? first : share(whole, numeric, room)
}

function share(whole: number[], fixed: boolean[], room: number): number[] {
  for (let most = Math.max(...whole); ; most -= 1) {
    const widths = whole.map((width, i) => (fixed[i] === true ? width : Math.min(width, most)))
    if (most <= LEAST || sum(widths) <= room) return widths
  }
}

function sum(widths: number[]): number {
  return widths.reduce((total, width) => total + width, 0)
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}

/** One line, and nothing that a terminal would obey: what events hold is anybody's. */
function toCell(value: unknown): string {
  if (value === null || value === undefined) return '—'
  if (typeof value === 'number') return Number.isInteger(value) ? value.toLocaleString('en-US') : String(Number(value.toPrecision(6)))
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.replaceAll(/[\t\r\n]/g, ' ').replaceAll(/\p{Cc}/gu, '\ufffd')
}
