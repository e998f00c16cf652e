// Two texts beside each other, line by line: what stands in both, and what only one has.

export type DiffLine = { text: string; /** False: only here. */ isShared: boolean }

/** Longest common subsequence; texts of more than `MOST` lines are shown without marks. */
export function diffLines(before: string, after: string): { before: DiffLine[]; after: DiffLine[] } {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const mark = (lines: string[], isShared: (at: number) => boolean): DiffLine[] => lines.map((text, at) => ({ text, isShared: isShared(at) }))
  if (a.length > MOST || b.length > MOST) return { before: mark(a, () => true), after: mark(b, () => true) }
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) (lengths[i] as Uint16Array)[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  }
  const [inBoth, alsoInBoth] = [new Set<number>(), new Set<number>()]
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      inBoth.add(i)
      alsoInBoth.add(j)
      i += 1
      j += 1
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return { before: mark(a, (line) => inBoth.has(line)), after: mark(b, (line) => alsoInBoth.has(line)) }
}

const MOST = 400

/** JSON in lines of its own, with a comma only where it stands; what is no JSON stays. */
export function prettyJson(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2)
  } catch {
    return raw
  }
}
