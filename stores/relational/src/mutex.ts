// One at a time, first come, first served.

export type Mutex = {
  /** Resolves with the function that lets the next one in. */
  lock(): Promise<() => void>
}

export function createMutex(): Mutex {
  let tail: Promise<void> = Promise.resolve()
  return {
    async lock() {
      const before = tail
      let release = (): void => undefined
      tail = new Promise<void>((resolve) => {
        release = resolve
      })
      await before
      return release
    },
  }
}
