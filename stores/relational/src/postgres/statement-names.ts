// Names under which the engine keeps statements prepared, each parsed once a connection.

/** Of one store: more are not kept, since the engine holds them as long as a connection lasts. */
const KEPT = 256
/** Used so often, a statement is worth a name; what is made for one list of values is not. */
const WORTH_USES = 3
const LONGEST = 2_000

export type StatementNames = {
  /** Undefined for what is sent whole each time. */
  find(text: string): string | undefined
  /** After the tables have changed under the kept ones: they get new names, and are parsed anew. */
  renew(): void
}

export function createStatementNames(): StatementNames {
  const uses = new Map<string, number>()
  const names = new Map<string, string>()
  let generation = 0
  return {
    find(text) {
      const name = names.get(text)
      if (name !== undefined || text.length > LONGEST || names.size >= KEPT) return name
      const count = (uses.get(text) ?? 0) + 1
      if (count < WORTH_USES) {
        // A flood of texts that are used once would fill the memory; counting then begins again.
        if (uses.size > 4 * KEPT) uses.clear()
        uses.set(text, count)
        return undefined
      }
      uses.delete(text)
      const made = `r${generation}_${names.size}`
      names.set(text, made)
      return made
    },
    renew() {
      generation += 1
      names.clear()
      uses.clear()
    },
  }
}
