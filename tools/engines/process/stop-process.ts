// Ends a process cleanly, or says that it had to be forced.
import { findStartTicks, listTree, sendSignal, signalTree } from './process-tree.ts'
import { waitFor } from './wait-for.ts'

export type StopOptions = { signal: NodeJS.Signals; withinMs: number }

/** "forced" when it was still there after `withinMs`, and was killed with its children. */
export async function stopProcess(pid: number, { signal, withinMs }: StopOptions): Promise<'clean' | 'forced'> {
  const ticks = findStartTicks(pid)
  const isGone = (): boolean => ticks === undefined || findStartTicks(pid) !== ticks
  if (isGone()) return 'clean'
  // What was paused cannot hear.
  signalTree(pid, 'SIGCONT')
  sendSignal(pid, signal)
  if (await waitFor(withinMs, isGone)) return 'clean'
  await killProcess(pid)
  return 'forced'
}

/** Without a warning, with its children: what a power cut is to a program. Returns when all are gone. */
export async function killProcess(pid: number): Promise<void> {
  const members = listTree(pid)
  for (const member of members) sendSignal(member, 'SIGKILL')
  await waitFor(10_000, () => members.every((member) => findStartTicks(member) === undefined))
}
