// Problems of one descriptor, each with its place and what to do.
import type { Problem } from '@rondo/catalog/contract'
import { StateMark } from '@rondo/ui'
import styles from './catalog.module.css'

export function ProblemList({ rows }: { rows: readonly Problem[] }) {
  return (
    <ul className={styles.problems}>
      {rows.map((problem) => (
        <li key={`${problem.file}:${problem.line}:${problem.column} ${problem.code}`}>
          <StateMark state={problem.severity === 'error' ? 'failed' : 'warned'} />
          <div>
            <p>{problem.message} <span className="soft">{problem.help}</span></p>
            <p><code>{problem.file}:{problem.line}:{problem.column}</code> <code className="quiet">{problem.code}</code></p>
          </div>
        </li>
      ))}
    </ul>
  )
}
