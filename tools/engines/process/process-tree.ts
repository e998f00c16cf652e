// A process with its children, as /proc tells: whether it lives, what it holds, and signals to all of it.
import { readFileSync, readdirSync } from 'node:fs'

type ProcessInfo = { pid: number; parent: number; state: string; startTicks: number }

/** The tick a living process began at, which tells it from a later one with its number; undefined for the dead, zombies included. */
export function findStartTicks(pid: number): number | undefined {
  const info = findProcess(pid)
  return info === undefined || isOver(info) ? undefined : info.startTicks
}

/** A zombie whose other threads are still ending holds its ports and files until they have. */
function isOver({ pid, state }: ProcessInfo): boolean {
  if (state !== 'Z') return false
  try {
    return readdirSync(`/proc/${pid}/task`).length <= 1
  } catch {
    return true
  }
}

/** The process first, then its children and theirs. */
export function listTree(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => findProcess(Number(name)) ?? [])
  const found = [pid]
  for (const above of found) found.push(...all.filter(({ parent }) => parent === above).map((child) => child.pid))
  return found
}

/** A stop is a fact when this returns, unless it takes a machine longer. */
const STOP_MS = 2_000

/** Engines such as PostgreSQL work in many processes, each in a group of its own. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  const members = listTree(pid)
  for (const member of members) sendSignal(member, signal)
  if (signal !== 'SIGSTOP') return
  const until = performance.now() + STOP_MS
  while (members.some(isAnyThreadRunning) && performance.now() < until) continue
}

/** A thread at work goes on until the system takes it off its processor. */
function isAnyThreadRunning(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some((thread) => findProcess(`${pid}/task/${thread}`)?.state.match(/[TtZX]/) === null)
  } catch {
    return false
  }
}

/** A process that is gone already is what a signal wants. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Memory of the whole tree; memory that is shared counts once where the system tells. */
export function measureMemoryBytes(pid: number): number {
  return listTree(pid).reduce((sum, member) => sum + memoryOf(member), 0)
}

function memoryOf(pid: number): number {
  const kilobytes = (file: string, label: RegExp): number | undefined => {
    const match = label.exec(readText(`/proc/${pid}/${file}`) ?? '')
    return match === null ? undefined : Number(match[1])
  }
  return 1024 * (kilobytes('smaps_rollup', /^Pss:\s+(\d+)/m) ?? kilobytes('status', /^VmRSS:\s+(\d+)/m) ?? 0)
}

/** Or a thread of one, as "PID/task/TID". */
function findProcess(pid: number | string): ProcessInfo | undefined {
  // proc(5): the name of the program, the 2nd field, stands in parentheses and may itself hold spaces.
  const stat = readText(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { pid: Number.parseInt(String(pid)), state: fields[0] ?? '', parent: Number(fields[1]), startTicks: Number(fields[19]) }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
