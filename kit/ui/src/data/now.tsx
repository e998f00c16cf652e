// "Now" is the platform's clock, which is simulated time while the simulated world runs; relative times are counted from it.
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'

const NowContext = createContext<() => number>(Date.now)

export function NowProvider({ read, children }: { read: () => number; children: ReactNode }) {
  return <NowContext value={read}>{children}</NowContext>
}

/** Epoch ms, renewed every `everyMs` of real time. */
export function useNow(everyMs = 10_000): number {
  const read = useContext(NowContext)
  const [, setTick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return read()
}
