// Refuses bad numbers at the door of the package, by name.
import { numericsErrors } from './errors.ts'

export function checkFinite(name: string, values: ArrayLike<number>): void {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number
    if (!Number.isFinite(value)) throw numericsErrors.notFinite({ name, index, value })
  }
}

export function checkLength(name: string, values: ArrayLike<number>, expected: number): void {
  if (values.length !== expected) throw numericsErrors.sizeMismatch({ name, expected, actual: values.length })
}

export function checkInteger(name: string, value: number, minimum: number, maximum = 2 ** 31 - 1): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return
  throw numericsErrors.outOfRange({ name, value, range: `a whole number from ${minimum} to ${maximum}` })
}

export function checkAtLeast(name: string, value: number, minimum: number): void {
  if (Number.isFinite(value) && value >= minimum) return
  throw numericsErrors.outOfRange({ name, value, range: `a finite number of at least ${minimum}` })
}
