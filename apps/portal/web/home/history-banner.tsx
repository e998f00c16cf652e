// While past weeks are being written: how far it is, and that everything below already counts.
import { formatInstant, formatShare } from '@rondo/ui'
import type { PlatformInfo } from '../use-loop.ts'
import styles from './home.module.css'

export function HistoryBanner({ world, now }: { world: PlatformInfo['world']; now: number }) {
  return (
    <div className={styles.history} role="progressbar" aria-label="History of the simulated world" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(world.progress * 100)}>
      <span><b>Writing history</b>: the {world.size} world has reached {formatInstant(now)}</span>
      <span className="number">{formatShare(world.progress, 0)}</span>
      <i style={{ width: `${world.progress * 100}%` }} />
    </div>
  )
}
