// What somebody may have meant by a name that is not there.

type Candidate = { name: string; /** Letters to change. */ distance: number; /** One name is in the other. */ holds: boolean; length: number }

/** All of `known`, the closest to `text` first: names that hold it or are held by it, then by how few letters differ. */
export function sortByCloseness(text: string, known: Iterable<string>): string[] {
  return rank(text, known).map(({ name }) => name)
}

/** At most three names that are so close that a slip of the hand, or a part left out, explains the text. */
export function listClosest(text: string, known: Iterable<string>): string[] {
  const ranked = rank(text, known)
  const holding = ranked.filter(({ holds }) => holds)
  const slips = ranked.filter(({ distance, length }) => distance <= Math.max(1, Math.floor(length / 3)))
  const near = holding.length > 0 ? holding : slips.filter(({ distance }) => distance <= (slips[0]?.distance ?? 0) + 1)
  return near.slice(0, 3).map(({ name }) => name)
}

function rank(text: string, known: Iterable<string>): Candidate[] {
  const wanted = toPlain(text)
  return [...known]
    .map((name): Candidate => {
      const plain = toPlain(name)
      return { name, distance: computeDistance(wanted, plain), holds: Math.min(wanted.length, plain.length) >= 3 && (plain.includes(wanted) || wanted.includes(plain)), length: Math.max(wanted.length, plain.length) }
    })
    .sort((a, b) => Number(b.holds) - Number(a.holds) || a.distance - b.distance || (a.name < b.name ? -1 : 1))
}

function toPlain(text: string): string {
  return text.toLowerCase().replaceAll('_', '-')
}

/** Insertions, deletions and replacements of one letter (Levenshtein). Two rows of the table are enough (Wagner and Fischer 1974). */
function computeDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= to.length; j += 1) {
      row.push(Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)))
    }
    above = row
  }
  return above[to.length] ?? 0
}
