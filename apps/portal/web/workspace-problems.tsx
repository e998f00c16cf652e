// A band on every page while the workspace is broken: which file, which line, and what was wrong. What was in force before stays so.
import { formatThings, Notice, StateMark } from '@rondo/ui'
import type { PlatformInfo } from './use-loop.ts'
import styles from './frame.module.css'

const SHOWN = 3

export function WorkspaceProblems({ problems }: { problems: PlatformInfo['workspace']['problems'] }) {
  if (problems.length === 0) return null
  return (
    <Notice tone="bad" mark={<StateMark state="failed" />} title={`${formatThings(problems.length, 'problem')} in the workspace. What was in force before stays until ${problems.length === 1 ? 'it is' : 'they are'} mended.`}>
      <ul className={styles.problems}>
        {problems.slice(0, SHOWN).map((problem) => (
          <li key={`${problem.file}:${problem.line} ${problem.message}`} title={problem.message}>
            <code>{problem.file}:{problem.line}</code> <span>{problem.message} {problem.help}</span>
          </li>
        ))}
        {problems.length > SHOWN && <li>and {problems.length - SHOWN} more; <code>npx rondo check</code> lists all.</li>}
      </ul>
    </Notice>
  )
}
