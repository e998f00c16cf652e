// Learning rate and win rate of each squad on one axis, beside the house's own.
import { ChartFrame, formatShare, Owner, Section } from '@rondo/ui'
import type { Learning } from '../src/contract.ts'
import styles from './decisions.module.css'

type SquadRow = Learning['owners'][number]

export function BySquad({ owners, all }: { owners: SquadRow[]; all: number | null }) {
  const rows = owners.toSorted((a, b) => (b.learningRate ?? 0) - (a.learningRate ?? 0) || b.stopped - a.stopped)
  const best = rows[0]
  const finding = best === undefined ? 'No squad has stopped an experiment' : `${best.owner} learns most often, ${formatShare(best.learningRate, 0)}`
  return (
    <Section title="By squad" hint={<span className={styles.legend}><i className={styles.learned} />learning rate<i className={styles.won} />win rate<span>dotted: all squads</span></span>}>
      <ChartFrame finding={finding} table={{ head: ['Squad', 'Learned', 'Won', 'Stopped'], rows: rows.map((row) => [row.owner, formatShare(row.learningRate, 0), formatShare(row.winRate, 0), row.stopped]) }}>
        <table className={styles.squads} aria-label={finding}>
          <thead><tr><th scope="col">Squad</th><th /><th scope="col" className="number">Learned</th><th scope="col" className="number wide-only">Won</th><th scope="col" className="number">Stopped</th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.owner}>
                <th scope="row"><Owner name={row.owner} /></th>
                <td><Rates row={row} all={all} /></td>
                <td className="number"><b>{formatShare(row.learningRate, 0)}</b></td>
                <td className="number wide-only">{formatShare(row.winRate, 0)}</td>
                <td className="number">{row.stopped}</td>
              </tr>
            ))}
            <tr aria-hidden="true" className={styles.axis}><th /><td><div>{[0, 0.5, 1].map((tick) => <span key={tick} style={{ left: `${tick * 100}%` }}>{formatShare(tick, 0)}</span>)}</div></td><td /><td className="wide-only" /><td /></tr>
          </tbody>
        </table>
      </ChartFrame>
    </Section>
  )
}

function Rates({ row, all }: { row: SquadRow; all: number | null }) {
  const [win, learned] = [row.winRate ?? 0, row.learningRate ?? 0]
  const at = (share: number): string => `${share * 100}%`
  return (
    <div className={styles.rail} aria-hidden="true">
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => <i key={tick} className={styles.tick} style={{ left: at(tick) }} />)}
      {all !== null && <i className={styles.all} style={{ left: at(all) }} />}
      <i className={styles.span} style={{ left: at(win), width: at(learned - win) }} />
      <i className={`${styles.learned} ${learned - win < 0.001 ? styles.both : ''}`} style={{ left: at(learned) }} />
      {learned - win >= 0.001 && <i className={styles.won} style={{ left: at(win) }} />}
    </div>
  )
}
