// An instant as people say it, with UTC on hover.
import { formatInstant, formatWhen, toMs } from '../format.ts'
import { useNow } from './now.tsx'

export type WhenProps = {
  /** ISO text or epoch ms. */
  at: string | number | null | undefined
  className?: string
}

export function When({ at, className }: WhenProps) {
  const now = useNow()
  const ms = typeof at === 'number' ? at : toMs(at)
  if (ms === null) return <span className={className}>—</span>
  return (
    <time className={className} dateTime={new Date(ms).toISOString()} title={`${formatInstant(ms, 'UTC', now)} UTC`}>
      {formatWhen(ms, now)}
    </time>
  )
}
