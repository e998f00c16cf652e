// What a page shows when there is nothing, not yet, or no longer: each says what it means and the next act.
import { useEffect, useState, type ReactNode } from 'react'
import { IconCopy, IconRefresh } from '@tabler/icons-react'
import { AppError } from '@rondo/errors'
import { formatClock } from '../format.ts'
import { Button } from '../layout/button.tsx'
import { StateMark } from '../state/state-glyph.tsx'
import type { RouteState } from '../data/use-route.ts'
import styles from './states.module.css'

export type EmptyStateProps = {
  /** In serif: "No experiments yet." */
  title: ReactNode
  /** How to get the first one. */
  children?: ReactNode
  actions?: ReactNode
  /** Commands to type, each with a copy button. */
  commands?: string[]
}

export function EmptyState({ title, children, actions, commands = [] }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      <p className={styles.title}>{title}</p>
      {children !== undefined && <div className={styles.text}>{children}</div>}
      {commands.map((command) => <Command key={command} text={command} />)}
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  )
}

/** A command line that can be copied. */
export function Command({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  const copy = (): void => {
    void navigator.clipboard?.writeText(text)
    setCopied(true)
  }
  return (
    <div className={styles.command}>
      <code>{text}</code>
      <button type="button" onClick={copy} aria-label={`Copy ${text}`}><IconCopy size={14} stroke={1.75} />{copied ? 'Copied' : 'Copy'}</button>
    </div>
  )
}

export type ErrorStateProps = {
  /** What could not be done: "Could not read the readout". */
  what?: string
  error: AppError
  onRetry?: () => void
  /** Counts down and tries again by itself. */
  againInSeconds?: number
}

export function ErrorState({ what = 'Could not read this', error, onRetry, againInSeconds }: ErrorStateProps) {
  const [left, setLeft] = useState(againInSeconds)
  useEffect(() => {
    if (left === undefined || onRetry === undefined) return undefined
    const timer = setTimeout(() => {
      if (left > 1) setLeft(left - 1)
      else {
        setLeft(againInSeconds)
        onRetry()
      }
    }, 1_000)
    return () => clearTimeout(timer)
  }, [left, onRetry, againInSeconds])
  const trace = typeof error.details['traceId'] === 'string' ? error.details['traceId'] : undefined
  const message = error.message.replace(/\.?$/, '.')
  return (
    <div className={styles.state} role="alert">
      <p className={styles.title}><StateMark state="failed" /> {what}: {message.charAt(0).toLowerCase() + message.slice(1)}</p>
      {(error.help !== undefined || left !== undefined) && <div className={styles.text}>{error.help} {left !== undefined && `Trying again in ${left} s.`}</div>}
      <div className={styles.actions}>
        {onRetry !== undefined && <Button kind="go" icon={<IconRefresh size={14} stroke={1.75} />} onClick={onRetry}>Try now</Button>}
        <Button icon={<IconCopy size={14} stroke={1.75} />} onClick={() => void navigator.clipboard?.writeText(JSON.stringify({ ...error.toJSON(), trace }))}>
          <code>{error.code}{trace === undefined ? '' : ` ${trace.slice(0, 8)}`}</code>
        </Button>
      </div>
    </div>
  )
}

/** Nothing for 150 ms, then hairlines in the final size. */
export function Skeleton({ lines = 4, height }: { lines?: number; height?: number }) {
  const isShown = useDelay(150)
  if (!isShown) return <div style={{ minHeight: height ?? lines * 36 }} aria-busy="true" />
  return (
    <div className={styles.skeleton} style={{ minHeight: height }} aria-busy="true">
      <span className="hidden-word">Reading</span>
      {Array.from({ length: lines }, (_, index) => <i key={index} style={{ width: `${[62, 48, 71, 55, 40][index % 5]}%` }} />)}
    </div>
  )
}

export function useDelay(ms: number): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return isOver
}

/** "as of 09:30", when what is shown is older than the newest attempt to read it. */
export function AsOf({ state }: { state: Pick<RouteState<unknown>, 'asOf' | 'isStale' | 'error' | 'retry'> }) {
  if (!state.isStale) return null
  return <button type="button" className={styles.asOf} title={state.error?.message} onClick={state.retry}>as of {formatClock(state.asOf)}</button>
}

/** Shows data when there is some (marked "as of" when old), else the error or the skeleton. */
export function Loaded<T>({ of, what, lines, children }: { of: RouteState<T>; what?: string; lines?: number; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return <>{of.isStale && <div className={styles.staleLine}><AsOf state={of} /></div>}{children(of.data)}</>
  if (of.error !== undefined) return <ErrorState {...(what === undefined ? {} : { what })} error={of.error} onRetry={of.retry} againInSeconds={10} />
  return <Skeleton {...(lines === undefined ? {} : { lines })} />
}
