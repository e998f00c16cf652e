// Wins that nobody has shipped: decided, and no listener has them.
import type { Room } from '../deps.ts'
import type { StoredExperiment } from '../store/experiment-store.ts'
import { resolveFlag } from './resolve-flag.ts'

export type UnshippedWin = { win: StoredExperiment; variant: string; /** What everybody gets instead; undefined when that differs from unit to unit. */ instead: string | undefined }

/** The newest win of each flag, unless a variant of it was shipped or the flag's own rules give the winner to everybody. */
export function findUnshipped(experiments: readonly StoredExperiment[], room: Pick<Room, 'flags'>): UnshippedWin[] {
  const wins = experiments.filter((experiment) => experiment.learningClass === 'win').toSorted((a, b) => (b.stoppedAtMs ?? 0) - (a.stoppedAtMs ?? 0))
  const newest = wins.filter((win, i) => wins.findIndex((other) => other.definition.flag === win.definition.flag) === i)
  return newest.flatMap((win) => {
    const variant = win.verdict?.variant
    if (win.shipped !== null || variant === null || variant === undefined) return []
    const given = resolveFlag(win.definition.flag, undefined, {}, room)
    const instead = given.reason === 'STATIC' ? (given.variant ?? undefined) : undefined
    return instead === variant || given.errorCode === 'FLAG_NOT_FOUND' ? [] : [{ win, variant, instead }]
  })
}
