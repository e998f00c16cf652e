// Draws only the rows near the window, so that ten thousand rows cost as much as fifty.
import { useEffect, useState, type RefObject } from 'react'

export type RowWindow = { first: number; last: number; before: number; after: number; reveal: (index: number) => void }

const MARGIN_ROWS = 20

/** Rows are as high as the first one measured. While inactive all rows are drawn. */
export function useRowWindow(body: RefObject<HTMLTableSectionElement | null>, count: number, active: boolean): RowWindow {
  const [range, setRange] = useState({ first: 0, last: 80, height: 36 })
  useEffect(() => {
    if (!active) return undefined
    const measure = (): void => {
      const box = body.current
      if (box === null) return
      const height = box.querySelector<HTMLElement>('tr[data-key]')?.offsetHeight ?? 36
      const top = -box.getBoundingClientRect().top
      const first = Math.max(0, Math.min(count - 1, Math.floor(top / height) - MARGIN_ROWS))
      const last = Math.min(count, first + Math.ceil(window.innerHeight / height) + 2 * MARGIN_ROWS)
      setRange((now) => (now.first === first && now.last === last && now.height === height ? now : { first, last, height }))
    }
    measure()
    window.addEventListener('scroll', measure, { passive: true })
    window.addEventListener('resize', measure)
    return () => {
      window.removeEventListener('scroll', measure)
      window.removeEventListener('resize', measure)
    }
  }, [body, count, active])
  const reveal = (index: number): void => {
    const top = (body.current?.getBoundingClientRect().top ?? 0) + window.scrollY
    window.scrollTo(0, top + index * range.height - window.innerHeight / 2)
  }
  if (!active) return { first: 0, last: count, before: 0, after: 0, reveal }
  const last = Math.min(range.last, count)
  const first = Math.min(range.first, last)
  return { first, last, before: first * range.height, after: (count - last) * range.height, reveal }
}
