// The time of one turn: from a play to the play of a track recommended because of it.
import { startOfWeek } from '@rondo/time'
import { formatDay, formatDuration, formatShare, formatThings, Loaded, Section, ShareBar, useNow, useRoute } from '@rondo/ui'
import { recommendationsContract } from '../src/contract.ts'
import styles from './recommendations.module.css'

export function TurnSection() {
  const now = useNow()
  const turn = useRoute(recommendationsContract, 'turn', {}, { refetchMs: 15_000 })
  return (
    <Section title="One turn of the loop" hint="from a play to the play of a track recommended because of it">
      <Loaded of={turn} what="Could not read the turn" lines={3}>
        {({ week, medianMs, previousMs, plays, parts }) => week === null || medianMs === null ? (
          <p className={styles.open}>Not closed yet: nobody has played a track that an earlier play brought onto a list.</p>
        ) : (
          <>
            <div className={styles.turn}>
              <b>{formatDuration(medianMs)}</b>
              <span>median of {formatThings(plays, 'play')} {sayWeek(Date.parse(week), now)}{previousMs !== null && <>, {sayChange(medianMs, previousMs)}</>}</span>
            </div>
            {parts.length > 0 && <ShareBar finding={parts.map((part) => `${part.name} ${formatDuration(part.ms)}`).join(', ')} parts={parts.map((part) => ({ key: part.name, label: part.name, value: part.ms, text: formatDuration(part.ms) }))} />}
          </>
        )}
      </Loaded>
    </Section>
  )
}

/** The week under way has few plays on its Monday; then the one before is told of. */
function sayWeek(weekMs: number, nowMs: number): string {
  return weekMs === startOfWeek(nowMs) ? 'this week' : `in the week of ${formatDay(weekMs, 'UTC')}`
}

function sayChange(nowMs: number, beforeMs: number): string {
  if (beforeMs === 0) return `${formatDuration(beforeMs)} the week before`
  const share = Math.abs(nowMs - beforeMs) / beforeMs
  return share < 0.005 ? 'as in the week before' : `${formatShare(share, 0)} ${nowMs < beforeMs ? 'shorter' : 'longer'} than the week before`
}
