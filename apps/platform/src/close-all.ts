// What was opened in order is closed in reverse, all of it, also when one part fails to close.

/** Calls every one, the last first and one after the other. Throws the first error after the last call. */
export async function closeAll(closes: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const close of closes.toReversed()) {
    try {
      await close()
    } catch (thrown) {
      failures.push(thrown)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/** Closes everything because of `reason`, and throws that: what then fails to close is only its consequence. */
export async function closeAllAfter(reason: unknown, closes: readonly (() => Promise<void>)[]): Promise<never> {
  await closeAll(closes).catch(() => undefined)
  throw reason
}
