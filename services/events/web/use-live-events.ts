// The live stream of accepted events: rates each second and a sample of what came, kept while a page shows it.
import type { EventRow } from '@rondo/events/contract'
import { useEffect, useRef, useState } from 'react'

export type LiveSample = Omit<EventRow, 'cursor'>
export type LiveEvents = {
  /** `lost` tries again by itself. */
  state: 'connecting' | 'live' | 'lost'
  /** Accepted a second, mean of the last ten; undefined before the first answer. */
  perSecond: number | undefined
  /** Newest first. */
  samples: LiveSample[]
  isPaused: boolean
  setPaused: (paused: boolean) => void
}

const MEAN_OF = 10
const AGAIN_MS = 5_000

/** Follows one type, or all. Pausing keeps what is shown; the rate goes on. */
export function useLiveEvents({ type, keep = 20 }: { type?: string; keep?: number }): LiveEvents {
  const [state, setState] = useState<LiveEvents['state']>('connecting')
  const [perSecond, setPerSecond] = useState<number | undefined>()
  const [samples, setSamples] = useState<LiveSample[]>([])
  const [isPaused, setPaused] = useState(false)
  const paused = useRef(isPaused)
  paused.current = isPaused
  useEffect(() => {
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const ticks: number[] = []
    setSamples([])
    const open = (): void => {
      source = new EventSource('/api/events/v1/live')
      source.addEventListener('open', () => setState('live'))
      source.addEventListener('rates', (event: MessageEvent<string>) => {
        const { rates } = JSON.parse(event.data) as { rates: Record<string, number> }
        ticks.push(type === undefined ? Object.values(rates).reduce((sum, rate) => sum + rate, 0) : (rates[type] ?? 0))
        if (ticks.length > MEAN_OF) ticks.shift()
        setPerSecond(ticks.reduce((sum, rate) => sum + rate, 0) / ticks.length)
      })
      source.addEventListener('sample', (event: MessageEvent<string>) => {
        const sample = JSON.parse(event.data) as LiveSample
        if (paused.current || (type !== undefined && sample.type !== type)) return
        setSamples((before) => [sample, ...before].slice(0, keep))
      })
      source.addEventListener('error', () => {
        setState('lost')
        if (source?.readyState !== EventSource.CLOSED) return
        timer = setTimeout(open, AGAIN_MS)
      })
    }
    open()
    return () => {
      source?.close()
      clearTimeout(timer)
    }
  }, [type, keep])
  return { state, perSecond, samples, isPaused, setPaused }
}
