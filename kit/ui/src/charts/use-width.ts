// The width a drawing has, so that its text keeps its size however wide the column is.
import { useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** Measured px of the element that holds `box`, at least `least`; `least` before the first measure. */
export function useWidth(least: number): [width: number, box: RefObject<SVGSVGElement | null>] {
  const box = useRef<SVGSVGElement>(null)
  const [width, setWidth] = useState(least)
  useLayoutEffect(() => {
    const holder = box.current?.parentElement
    if (holder === null || holder === undefined) return undefined
    const measure = (): void => setWidth(Math.max(least, Math.floor(holder.clientWidth)))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(holder)
    return () => observer.disconnect()
  }, [least])
  return [width, box]
}
