// Another chance for dead letters: all, or those of one reason, as they are or mended; with how far it has come.
import { eventsContract, type RepairStep } from '@rondo/events/contract'
import { Button, ErrorState, formatCount, Notice, StateMark, useActions, useCall } from '@rondo/ui'
import { useState } from 'react'
import { addReplay, sayReplay, type Replayed } from './say-replay.ts'

/** One call looks at so many letters; it is asked again until all were looked at. */
const AT_ONCE = 2_000

export type ReplayWish = { reason?: string; repair?: RepairStep[]; newIds?: boolean; /** How many there are, for the progress. */ count?: number }

export function useReplay(type: string, dead: number) {
  const replay = useCall(eventsContract, 'replayDead')
  const [under, setUnder] = useState<ReplayWish>()
  const [last, setLast] = useState<ReplayWish>({})
  const [data, setData] = useState<Replayed>()
  const label = `Replay ${formatCount(dead)}`
  const replayAll = async ({ reason, repair, newIds = false }: ReplayWish): Promise<void> => {
    let sum: Replayed | undefined
    let after: string | undefined
    do {
      const part = await replay.call({ type, body: { limit: AT_ONCE, ...(after === undefined ? {} : { after }), ...(reason === undefined || reason === '' ? {} : { reason }), ...(repair === undefined ? {} : { repair }), ...(newIds ? { newIds } : {}) } })
      if (part === undefined) return
      sum = addReplay(sum, part)
      setData(sum)
      after = part.next
    } while (after !== undefined)
  }
  const run = (wish: ReplayWish = {}): void => {
    if (under !== undefined) return
    setUnder(wish)
    setLast(wish)
    setData(undefined)
    void replayAll(wish).finally(() => setUnder(undefined))
  }
  const reset = (): void => {
    replay.reset()
    setData(undefined)
  }
  useActions(dead === 0 ? [] : [{ id: 'replay', label: `${label} dead letters of ${type}`, says: 'Those that fit the schema of today are delivered once, under their own ids.', key: 'r', command: `npx rondo events replay ${type}`, run: () => run({ count: dead }) }])
  return { error: replay.error, isCalling: under !== undefined, data, reset, label, run, again: () => run(last), progress: under === undefined ? undefined : { done: data?.examined ?? 0, of: under.count ?? dead } }
}

export type Replay = ReturnType<typeof useReplay>

/** How far the replay is, and what the last one did, across the page. */
export function ReplayNotice({ replay }: { replay: Replay }) {
  if (replay.error !== undefined) return <ErrorState what="Could not replay them" error={replay.error} onRetry={replay.again} />
  if (replay.progress !== undefined) {
    const { done, of } = replay.progress
    return <Notice tone="tonic" mark={<StateMark state="running" />} title={`${formatCount(done)} of ${formatCount(Math.max(done, of))} letters looked at.`}><progress value={done} max={Math.max(1, of)} aria-label="Letters looked at" style={{ width: 'min(100%, 360px)' }} /></Notice>
  }
  if (replay.data === undefined) return null
  const { title, rest } = sayReplay(replay.data)
  const isGood = replay.data.accepted > 0
  return (
    <Notice tone={isGood ? 'tonic' : 'late'} mark={<StateMark state={isGood ? 'healthy' : 'warned'} />} title={title} actions={<Button kind="bare" onClick={replay.reset}>Dismiss</Button>}>
      {rest}
    </Notice>
  )
}
