// Who holds a file, told so that a dead holder is recognised even when its process number was given to somebody else.
import { readFileSync } from 'node:fs'

export type ProcessIdentity = {
  /** Of this process; one line, [A-Za-z0-9.-] only. */
  token: string
  isAlive(token: string): boolean
}

/** On Linux: machine start, process number and the tick the process began at. Elsewhere the process number alone. */
export const nodeProcessIdentity: ProcessIdentity = {
  get token() {
    return tokenOf(process.pid)
  },
  isAlive(token) {
    const pid = Number(/^p(\d+)/.exec(token)?.[1])
    if (!Number.isInteger(pid) || pid <= 0) return false
    try {
      process.kill(pid, 0)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    }
    return tokenOf(pid) === token
  },
}

function tokenOf(pid: number): string {
  try {
    // proc(5): the 22nd field is the start time in ticks; the 2nd is in parentheses and may itself hold spaces.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    return `p${pid}.${ticks}.${boot}`
  } catch {
    return `p${pid}`
  }
}
