// One letter before and after its repair, side by side; what differs carries a sign besides its colour.
import { saySentence } from './dead-reasons.ts'
import { diffLines, prettyJson, type DiffLine } from './diff-lines.ts'
import styles from './repair.module.css'

export function RepairSample({ sample }: { sample: { before: string; after: string; reason: string | null } }) {
  const { before, after } = diffLines(prettyJson(sample.before), prettyJson(sample.after))
  return (
    <figure className={styles.sample}>
      <Side title="As it came" sign="−" lines={before} />
      <Side title={sample.reason === null ? 'As it would be delivered' : `Still refused: ${saySentence(sample.reason)}`} sign="+" lines={after} isRefused={sample.reason !== null} />
    </figure>
  )
}

function Side({ title, sign, lines, isRefused = false }: { title: string; sign: '−' | '+'; lines: DiffLine[]; isRefused?: boolean }) {
  return (
    <div>
      <p className={isRefused ? 'late' : 'quiet'}>{title}</p>
      <pre className={styles.code} tabIndex={0} aria-label={title}>{lines.map(({ text, isShared }, index) => <span key={index} className={isShared ? undefined : sign === '−' ? styles.gone : styles.come}>{isShared ? '  ' : `${sign} `}{text}{'\n'}</span>)}</pre>
    </div>
  )
}
