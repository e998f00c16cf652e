// Names a process so that nobody who comes later under its number is taken for it.
import { readFileSync } from 'node:fs'

/** "PID-START"; START is the instant of its start in clock ticks since boot where the machine tells it (Linux), else 0. */
export function markProcess(): string {
  return `${process.pid}-${readProcess(process.pid)?.start ?? 0}`
}

export function isRunning(mark: string): boolean {
  const [pid = 0, start = 0] = mark.split('-').map(Number)
  if (pid === 0) return false
  const found = readProcess(pid)
  if (found !== undefined) return found.start === start && found.state !== 'Z' && found.state !== 'X'
  if (start !== 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}

/** proc_pid_stat(5): the name in brackets may hold anything; state is field 3, starttime field 22. */
function readProcess(pid: number): { state: string; start: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', start: Number(fields[19]) }
  } catch {
    return undefined
  }
}
