// One question in SQL at a time: a new one, or leaving, ends the one before.
import { createCtx } from '@rondo/context'
import { toAppError, type AppError } from '@rondo/errors'
import { pipelinesContract, type SqlResult } from '@rondo/pipelines/contract'
import { useApi } from '@rondo/ui'
import { useCallback, useEffect, useRef, useState } from 'react'

export type TimedResult = SqlResult & { /** Real ms until the answer was here. */ tookMs: number }
export type Sql = {
  run: (sql: string, maxRows: number) => void
  stop: () => void
  isRunning: boolean
  /** The last good answer; stays while a new one is awaited. */
  result: TimedResult | undefined
  error: AppError | undefined
}

type State = Pick<Sql, 'isRunning' | 'result' | 'error'>

export function useSql(): Sql {
  const api = useApi(pipelinesContract)
  const asking = useRef<AbortController | undefined>(undefined)
  const [state, setState] = useState<State>({ isRunning: false, result: undefined, error: undefined })
  useEffect(() => () => asking.current?.abort(), [])
  const stop = useCallback((): void => {
    asking.current?.abort()
    asking.current = undefined
    setState((before) => ({ ...before, isRunning: false }))
  }, [])
  const run = useCallback((sql: string, maxRows: number): void => {
    asking.current?.abort()
    const mine = new AbortController()
    asking.current = mine
    const began = performance.now()
    setState((before) => ({ ...before, isRunning: true, error: undefined }))
    const settle = (next: Partial<State>): void => {
      if (asking.current === mine) setState((before) => ({ ...before, isRunning: false, ...next }))
    }
    api.sql({ body: { sql, maxRows } }, createCtx({ signal: mine.signal })).then(
      (answer) => settle({ result: { ...answer, tookMs: performance.now() - began }, error: undefined }),
      (thrown: unknown) => settle({ error: toAppError(thrown) }),
    )
  }, [api])
  return { run, stop, ...state }
}
