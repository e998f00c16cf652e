// While the past is being written there is nothing to decide yet: what is happening, step by step, with the numbers that grow.
import { StateGlyph } from '@rondo/ui'
import type { LoopFacts } from './loop-model.ts'
import styles from './home.module.css'

export function HistorySteps({ facts }: { facts: LoopFacts }) {
  return (
    <section aria-label="What is happening">
      <div className={styles.head}><h2>What is happening</h2></div>
      <ol>
        {toSteps(facts).map((step) => (
          <li key={step.says} className={styles.step}>
            <span className={styles.glyph}><StateGlyph state={step.isReached ? 'healthy' : 'waiting'} label={step.isReached ? 'Reached' : 'Not yet'} hideWord /></span>
            <div><p>{step.says}</p><p className={styles.hurts}>{step.holds}</p></div>
          </li>
        ))}
      </ol>
      <p className={styles.nothing}>When history is written, life goes on from there, faster than real time.</p>
    </section>
  )
}

function toSteps({ events, pipelines, recommendations, experiments, learning }: LoopFacts): { says: string; holds: string; isReached: boolean }[] {
  const decided = learning?.total.stopped ?? 0
  return [
    { says: 'Invented listeners play, skip and save. Every act is an event.', holds: events?.holds ?? '', isReached: events !== undefined && events.lagMs !== null },
    { says: 'Hours close, and become datasets that keep their promises.', holds: pipelines?.holds ?? '', isReached: pipelines !== undefined && pipelines.lagMs !== null },
    { says: 'Each Monday a model learns from them, and everybody gets a list.', holds: recommendations?.holds ?? '', isReached: recommendations !== undefined && recommendations.lagMs !== null },
    { says: 'An experiment compares what different listeners get.', holds: experiments?.holds ?? '', isReached: experiments !== undefined && (experiments.state !== 'waiting' || decided > 0) },
    { says: 'A decision follows from it. You ship it, and the loop closes.', holds: decided === 0 ? 'none yet' : `${decided} taken`, isReached: decided > 0 },
  ]
}
