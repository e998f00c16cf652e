// What stopped experiments taught, and how often they teach: the house is measured by learning, not by winning.
import type { Learning, LearningClass } from '@rondo/experiments/contract'
import { formatShare, Link, Tag, type Tone } from '@rondo/ui'
import { learnedHint, sayFate } from './loop-model.ts'
import styles from './home.module.css'

const tones: Record<LearningClass, Tone> = { win: 'good', 'regression found': 'bad', 'neutral and powered': 'plain', inconclusive: 'late', invalid: 'late' }
const names: Record<LearningClass, string> = { win: 'Win', 'regression found': 'Regression found', 'neutral and powered': 'Neutral, well measured', inconclusive: 'Inconclusive', invalid: 'Invalid' }

/** A rate of one or two says nothing. */
const FEWEST_FOR_RATES = 3

export function LearnedList({ learning, now }: { learning: Learning; now: number }) {
  const { total } = learning
  return (
    <section aria-label="Learned" className={styles.learned}>
      <div className={styles.head}><h2>Learned</h2><span>{learnedHint(learning)}</span></div>
      {learning.rows.length === 0 && <p className={styles.nothing}>No experiment has ended yet. What each one teaches will stand here.</p>}
      <ul>
        {learning.rows.slice(0, 3).map((row) => (
          <li key={row.id} className={styles.lesson}>
            <div><h3><Link to={`/experiments/${encodeURIComponent(row.id)}`}>{row.id}</Link></h3><Tag tone={tones[row.learningClass]}>{names[row.learningClass]}</Tag></div>
            <p>{row.finding ?? row.sentence}</p>
            <p className={styles.hurts}>{sayFate(row, now)}</p>
          </li>
        ))}
      </ul>
      {total.learningRate !== null && total.stopped >= FEWEST_FOR_RATES && (
        <p className={styles.rates}>
          <span><b>{formatShare(total.learningRate)}</b> learning rate</span>
          {total.winRate !== null && <span><b className="soft">{formatShare(total.winRate)}</b> win rate</span>}
        </p>
      )}
    </section>
  )
}
