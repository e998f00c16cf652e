// Parameters of an engine's address, one by one: what is not understood is refused with its name.

export type TakeParameters = {
  text(name: string, usual: string, form: RegExp): string
  /** A whole number. */
  number(name: string, usual: number, from: number, to: number): number
  /** The first of `allowed` is what is meant when nothing is said. */
  oneOf<T extends string>(name: string, allowed: readonly T[]): T
}

/** `refuse` makes the error that is thrown. */
export function takeParameters(parameters: ReadonlyMap<string, string>, refuse: (reason: string) => Error): TakeParameters {
  const wrong = (name: string): Error => refuse(`${name} cannot be "${parameters.get(name) ?? ''}"`)
  return {
    text(name, usual, form) {
      const value = parameters.get(name) ?? usual
      if (!form.test(value)) throw wrong(name)
      return value
    },
    number(name, usual, from, to) {
      const given = parameters.get(name)
      if (given === undefined) return usual
      const value = Number(given)
      if (!Number.isInteger(value) || value < from || value > to) throw wrong(name)
      return value
    },
    oneOf(name, allowed) {
      const value = allowed.find((one) => one === (parameters.get(name) ?? allowed[0]))
      if (value === undefined) throw wrong(name)
      return value
    },
  }
}

/** Throws for the first that is not in `known`. */
export function refuseUnknown(parameters: ReadonlyMap<string, string>, known: ReadonlySet<string>, refuse: (reason: string) => Error): void {
  const [unknown] = [...parameters.keys()].filter((name) => !known.has(name))
  if (unknown !== undefined) throw refuse(`"${unknown}" is no parameter (${[...known].join(', ')} are)`)
}
