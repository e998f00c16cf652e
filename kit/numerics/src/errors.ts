// What the numerical code refuses, each with the name of the input and its numbers.
import { defineErrors, entry } from '@rondo/errors'

export const numericsErrors = defineErrors({
  notFinite: entry({
    code: 'NUMERICS_NOT_FINITE',
    kind: 'invalid',
    message: (d: { name: string; index: number; value: number }) => `"${d.name}" must be finite numbers, but number ${d.index} is "${d.value}".`,
    help: 'Look for missing values and divisions by zero where these numbers are made.',
  }),
  emptyMatrix: entry({
    code: 'NUMERICS_EMPTY_MATRIX',
    kind: 'invalid',
    message: (d: { name: string; rowCount: number; columnCount: number; entryCount: number }) =>
      `"${d.name}" is empty: ${d.rowCount} rows, ${d.columnCount} columns, ${d.entryCount} entries.`,
    help: 'Give it at least one entry.',
  }),
  sizeMismatch: entry({
    code: 'NUMERICS_SIZE_MISMATCH',
    kind: 'invalid',
    message: (d: { name: string; expected: number; actual: number }) => `"${d.name}" must hold ${d.expected} numbers, but holds ${d.actual}.`,
    help: 'Check that both sides come from the same model: same dimensions, same rows.',
  }),
  outOfRange: entry({
    code: 'NUMERICS_OUT_OF_RANGE',
    kind: 'invalid',
    message: (d: { name: string; value: unknown; range: string }) => `"${d.name}" is "${String(d.value)}", but must be ${d.range}.`,
  }),
  tooLarge: entry({
    code: 'NUMERICS_TOO_LARGE',
    kind: 'too-large',
    message: (d: { neededBytes: number; maximumBytes: number }) =>
      `This needs ${d.neededBytes} bytes of kernel memory, but WebAssembly can address ${d.maximumBytes}.`,
    help: 'Use fewer dimensions or fewer interactions, or split the work.',
  }),
  diverged: entry({
    code: 'NUMERICS_DIVERGED',
    kind: 'invalid',
    message: (d: { name: string }) => `Training diverged: "${d.name}" are no longer finite numbers.`,
    help: 'Use more regularization, smaller confidences, or the Cholesky solver.',
  }),
  kernelsNotCompiled: entry({
    code: 'NUMERICS_KERNELS_NOT_COMPILED',
    kind: 'internal',
    message: (d: { build: string; output: string }) => `The "${d.build}" build of the kernels does not compile: ${d.output}`,
  }),
  poolClosed: entry({
    code: 'NUMERICS_POOL_CLOSED',
    kind: 'unavailable',
    message: (d: { reason: string }) => `The kernel threads have stopped: ${d.reason}.`,
  }),
})
