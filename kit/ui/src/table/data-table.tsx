// The one table: sortable, keyboard driven, virtual past 200 rows, two lines a row on narrow screens, and a drawer to look closer.
import { useEffect, useMemo, useRef, useState, type MouseEvent, type ReactNode } from 'react'
import type { RouteState } from '../data/use-route.ts'
import { AsOf, ErrorState, Skeleton } from '../feedback/states.tsx'
import { Drawer } from '../layout/drawer.tsx'
import { useQueryParams, useSetQuery } from '../navigation/address.ts'
import { useGo } from '../navigation/link.tsx'
import { isTyping, useKeys } from '../navigation/keys.ts'
import { useRowWindow } from './row-window.ts'
import { sortRows, type SortKey } from './sort-rows.ts'
import styles from './data-table.module.css'

export type Column<Row> = {
  id: string
  header: ReactNode
  cell: (row: Row) => ReactNode
  /** Makes the column sortable; null sorts last. */
  sort?: (row: Row) => SortKey
  /** Numbers stand right. */
  align?: 'start' | 'end'
  width?: number | string
  /** On narrow screens: first line left (default of the first column), first line right, or second line; else left out. */
  narrow?: 'lead' | 'value' | 'line'
  /** Said before a number on narrow screens, where there is no head; the header unless told, '' for none. */
  narrowLabel?: string
}

export type DataTableProps<Row> = {
  /** What the rows are, heard by screen readers: "Event types". */
  label: string
  rows: readonly Row[]
  columns: Column<Row>[]
  rowKey: (row: Row) => string
  /** Full page of a row; Enter or a second click goes there. */
  rowHref?: (row: Row) => string
  /** Content of the drawer. Without it a click goes to `rowHref` at once. */
  peek?: (row: Row) => ReactNode
  peekTitle?: (row: Row) => ReactNode
  /** The query behind the rows: shows skeleton, error, and "as of". */
  state?: Pick<RouteState<unknown>, 'isLoading' | 'error' | 'isStale' | 'asOf' | 'retry' | 'data'>
  /** Shown when there are no rows: an EmptyState, or the sentence for filtered lists. */
  empty?: ReactNode
  /** Initial order, "-rate" for descending; kept in `?sort=`. */
  defaultSort?: string
  /** Rows under a heading, in order of first appearance. */
  groupBy?: (row: Row) => { key: string; title: ReactNode; hint?: ReactNode }
  /** Several tables on one page need names of their own in the URL. */
  name?: string
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowKey, rowHref, peek, peekTitle, state, empty, defaultSort = '', groupBy, name = '' } = props
  const query = useQueryParams()
  const setQuery = useSetQuery()
  const go = useGo()
  const sortName = name === '' ? 'sort' : `sort-${name}`
  const peekName = name === '' ? 'peek' : `peek-${name}`
  const sort = query.get(sortName) ?? defaultSort
  const peeked = query.get(peekName) ?? undefined
  const [cursor, setCursor] = useState<string | undefined>(peeked)
  const body = useRef<HTMLTableSectionElement>(null)
  const sorted = useMemo(() => sortRows(rows, columns, sort, groupBy === undefined ? undefined : (row) => groupBy(row).key), [rows, columns, sort, groupBy])
  const view = useRowWindow(body, sorted.length, groupBy === undefined && sorted.length > 200)
  const open = peeked === undefined || peek === undefined ? undefined : sorted.find((row) => rowKey(row) === peeked)

  const findLine = (key: string | undefined): HTMLTableRowElement | undefined => [...(body.current?.rows ?? [])].find((one) => one.dataset['key'] === key)
  const choose = (row: Row, event?: MouseEvent): void => {
    const key = rowKey(row)
    const href = rowHref?.(row)
    setCursor(key)
    if (href !== undefined && event !== undefined && (event.metaKey || event.ctrlKey)) window.open(href, '_blank')
    else if (peek !== undefined && peeked !== key) setQuery({ [peekName]: key }, { push: peeked === undefined })
    else if (href !== undefined) go(href)
  }
  const step = (by: number): void => {
    const at = sorted.findIndex((row) => rowKey(row) === cursor)
    const next = sorted[Math.max(0, Math.min(sorted.length - 1, at + by))]
    if (next === undefined) return
    const key = rowKey(next)
    setCursor(key)
    if (peeked !== undefined) setQuery({ [peekName]: key })
    const line = findLine(key)
    if (line === undefined) view.reveal(sorted.indexOf(next))
    else line.scrollIntoView({ block: 'nearest' })
  }
  const pick = (): boolean => {
    const row = sorted.find((one) => rowKey(one) === cursor)
    if (row === undefined || document.activeElement?.closest('a, button') !== null) return false
    choose(row)
    return true
  }
  useKeys((key) => {
    if (key === 'j' || key === 'k') step(key === 'j' ? 1 : -1)
    return key === 'j' || key === 'k' || (key === 'Enter' && pick())
  })
  useEffect(() => {
    if (open === undefined || rowHref === undefined) return undefined
    const href = rowHref(open)
    const listen = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && !isTyping(event.target)) go(href)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  })

  if (state?.data === undefined && state?.error !== undefined) return <ErrorState what={`Could not read ${label.toLowerCase()}`} error={state.error} onRetry={state.retry} againInSeconds={10} />
  if (state?.isLoading === true) return <Skeleton lines={8} />
  if (rows.length === 0) return <>{empty}</>
  const shown = sorted.slice(view.first, view.last)
  let group: string | undefined
  return (
    <>
      {state?.isStale === true && <div className={styles.stale}><AsOf state={state} /></div>}
      <table className={`${styles.table} ${rowHref !== undefined || peek !== undefined ? styles.live : ''}`} aria-label={label} aria-rowcount={sorted.length}>
        <thead>
          <tr>
            {columns.map((column) => {
              const direction = sort === column.id ? 'ascending' : sort === `-${column.id}` ? 'descending' : undefined
              return (
                <th key={column.id} scope="col" className={column.align === 'end' ? 'number' : ''} style={{ width: column.width }} aria-sort={direction}>
                  {column.sort === undefined ? column.header : (
                    <button type="button" onClick={() => setQuery({ [sortName]: direction === 'descending' ? column.id : `-${column.id}` })}>
                      {column.header}{direction !== undefined && <span aria-hidden="true">{direction === 'ascending' ? ' ↑' : ' ↓'}</span>}
                    </button>
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody ref={body}>
          {view.before > 0 && <tr aria-hidden="true" style={{ height: view.before }}><td colSpan={columns.length} /></tr>}
          {shown.flatMap((row) => {
            const key = rowKey(row)
            const heading = groupBy?.(row)
            const isNew = heading !== undefined && heading.key !== group
            group = heading?.key
            return [
              ...(isNew ? [<tr key={`group ${heading.key}`} className={styles.group}><th colSpan={columns.length} scope="colgroup">{heading.title}{heading.hint !== undefined && <span>{heading.hint}</span>}</th></tr>] : []),
              <tr key={key} data-key={key} aria-selected={peeked === key || undefined} className={`${peeked === key ? styles.open : ''} ${cursor === key ? styles.cursor : ''}`} onClick={(event) => !isControl(event) && choose(row, event)}>
                {columns.map((column, index) => <td key={column.id} className={column.align === 'end' ? 'number' : ''} data-narrow={column.narrow ?? (index === 0 ? 'lead' : undefined)} data-label={labelOf(column)}>
                  {index === 0 && (rowHref !== undefined || peek !== undefined) ? <button type="button" className={styles.name} onClick={(event) => choose(row, event)}>{column.cell(row)}</button> : column.cell(row)}
                </td>)}
              </tr>,
            ]
          })}
          {view.after > 0 && <tr aria-hidden="true" style={{ height: view.after }}><td colSpan={columns.length} /></tr>}
        </tbody>
      </table>
      {open !== undefined && peek !== undefined && (
        <Drawer title={peekTitle?.(open) ?? peeked} label={`${peeked}`} {...(rowHref === undefined ? {} : { to: rowHref(open) })} onClose={() => setQuery({ [peekName]: undefined })} returnTo={() => findLine(cursor)?.querySelector('button')}>{peek(open)}</Drawer>
      )}
    </>
  )
}

/** What a number is, where no head says it. */
function labelOf<Row>({ align, narrowLabel, header }: Column<Row>): string | undefined {
  const label = narrowLabel ?? (align === 'end' && typeof header === 'string' ? header : '')
  return label === '' ? undefined : label
}

/** A click on something inside the row that has its own purpose. */
function isControl(event: MouseEvent): boolean {
  const target = event.target as HTMLElement
  return target.closest('a, button, input, select, label') !== null || (window.getSelection()?.type === 'Range' && window.getSelection()?.toString() !== '')
}
