// Beside the verdict: whether the data are sound, who was exposed, and what stands behind the numbers.
import { formatClock, formatCount, formatNumber, formatShare, KeyValues, Link, Section, StateGlyph, toMs } from '@rondo/ui'
import type { Readout } from '../src/contract.ts'
import { nameMetric, nameSplit, powerOfEach, saySplit, sayTraffic } from './experiment-words.ts'
import styles from './readout.module.css'

export function Soundness({ readout }: { readout: Readout }) {
  const read = toMs(readout.looks.at(-1)?.takenAt)
  return (
    <section className={styles.sound}>
      <div className={styles.soundHead}><h2>Is the data sound?</h2>{read !== null && <span className="quiet small">read {formatClock(read)}</span>}</div>
      <ul>
        {readout.quality.map((one) => <li key={one.check}><StateGlyph state={one.state} hideWord still /><b>{one.check}</b><span>{one.text}</span></li>)}
      </ul>
    </section>
  )
}

/** Control is grey; treatments are the main colour, each paler than the one before. */
const colourOf = (index: number): string => (index === 0 ? 'var(--ink-3)' : index === 1 ? 'var(--tonic)' : `color-mix(in oklab, var(--tonic) ${Math.max(25, 100 - 30 * (index - 1))}%, var(--sheet))`)

export function ReadoutSide({ readout }: { readout: Readout }) {
  const { experiment, arms, metrics, sampleRatio } = readout
  const main = metrics.find((row) => row.role === 'success')
  return (
    <>
      <Section title="Who is in it" aside={<StateGlyph {...nameSplit(sampleRatio)} />}>
        <table className={styles.arms}>
          <thead><tr><th scope="col">Arm</th><th scope="col" className="number">Units</th><th scope="col" className="number">Share</th><th scope="col" className="number">Promised</th></tr></thead>
          <tbody>
            {arms.map((arm, index) => (
              <tr key={arm.variant}>
                <th scope="row"><i style={{ background: colourOf(index) }} />{arm.variant}<span className="quiet"> {arm.role}</span></th>
                <td className="number">{formatCount(arm.units)}</td>
                <td className="number">{arm.units === 0 ? '—' : formatShare(arm.share, 2)}</td>
                <td className="number quiet">{formatShare(arm.expectedShare, 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {readout.exposures.units > 0 && (
          <div className={styles.split} role="img" aria-label={arms.map((arm) => `${arm.variant} ${formatShare(arm.share, 1)}`).join(', ')}>
            {arms.map((arm, index) => <i key={arm.variant} style={{ flexGrow: arm.share, background: colourOf(index) }} />)}
          </div>
        )}
        <p className={styles.says}>{saySplit(readout)}</p>
      </Section>
      <Section title="Behind the numbers">
        <KeyValues
          rows={[
            ['Traffic', sayTraffic(readout)],
            ['Left out', readout.exposures.inSeveralVariants === 0 ? 'nobody' : `${formatCount(readout.exposures.inSeveralVariants)} seen in several variants`],
            ...(main === undefined ? [] : [
              ['Power', main.power === null ? '—' : `${formatNumber(main.power, 2)} for ${formatShare(experiment.definition.minimumEffect ?? 0.05)} of ${nameMetric(main.metric).toLowerCase()}`] as const,
              ['Can see', main.detectable === null ? '—' : `${formatShare(main.detectable)} with ${formatShare(powerOfEach(experiment.definition), 0)} power`] as const,
            ]),
            ['Flag', <Link key="flag" className="link mono" to={`/experiments?tab=flags&peek-flag=${encodeURIComponent(experiment.flag)}`}>{experiment.flag}</Link>],
            ['Snapshot', readout.snapshot === null ? 'none yet' : <code key="snapshot">{readout.snapshot}</code>],
          ]}
        />
      </Section>
      <Section title="Hypothesis" hint="written before the start"><p className={styles.hypothesis}>“{experiment.hypothesis}”</p></Section>
    </>
  )
}
