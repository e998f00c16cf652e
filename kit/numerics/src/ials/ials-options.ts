// What iALS can be told, and what it refuses to be told.
import { availableParallelism } from 'node:os'
import { checkAtLeast, checkInteger } from '../checks.ts'
import { numericsErrors } from '../errors.ts'
import { checkCsr, type CsrMatrix } from '../matrix/csr-matrix.ts'
import { findKernelBuild, type KernelBuild } from '../wasm/kernel-build.ts'
import { IALS_DEFAULTS, type IalsHyperparameters } from './ials-defaults.ts'

export type IalsEpoch = { epoch: number; userDurationMs: number; itemDurationMs: number; resolvedRowCount: number }

export type IalsOptions = Partial<IalsHyperparameters> & {
  /** Users by items. A value r > 0 is a like, r < 0 a dislike (preference 0), both with confidence |r| on top of alpha0. */
  interactions: CsrMatrix
  /** `cholesky` is exact. `conjugate-gradient` is some steps from the last solution, cheaper from about 64 dimensions on. */
  solver?: 'cholesky' | 'conjugate-gradient'
  conjugateGradientSteps?: number
  seed?: number | string
  /** How many threads work beside the caller's; as many as there are cores when left out. Changes no bit of the result. */
  threads?: number
  /** `plain` rounds alike on every processor, `relaxed` is faster where there is FMA. The fastest this machine has when left out. */
  kernelBuild?: KernelBuild
  onEpoch?: (epoch: IalsEpoch) => void
  signal?: AbortSignal
}

export type ResolvedIalsOptions = Required<Omit<IalsOptions, 'onEpoch' | 'signal'>> & Pick<IalsOptions, 'onEpoch' | 'signal'>

export function resolveIalsOptions(options: IalsOptions): ResolvedIalsOptions {
  const resolved: ResolvedIalsOptions = {
    ...IALS_DEFAULTS,
    solver: 'cholesky',
    conjugateGradientSteps: 3,
    seed: 1,
    threads: availableParallelism(),
    kernelBuild: findKernelBuild(),
    ...options,
  }
  checkCsr('interactions', resolved.interactions)
  checkInteger('dimensions', resolved.dimensions, 1, 4096)
  checkInteger('epochs', resolved.epochs, 1)
  checkInteger('threads', resolved.threads, 1, 1024)
  checkInteger('conjugateGradientSteps', resolved.conjugateGradientSteps, 1)
  checkAtLeast('alpha0', resolved.alpha0, 0)
  checkAtLeast('regularization', resolved.regularization, 0)
  checkAtLeast('nu', resolved.nu, 0)
  if (resolved.solver !== 'cholesky' && resolved.solver !== 'conjugate-gradient') {
    throw numericsErrors.outOfRange({ name: 'solver', value: resolved.solver, range: '"cholesky" or "conjugate-gradient"' })
  }
  return resolved
}
