// A queue of one: what must not overlap waits for what began before it.

export type Serial = <T>(work: () => Promise<T>) => Promise<T>

/** Runs work in the order of the calls, one after the other; a failure is its caller's alone. */
export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined)
    return turn
  }
}
