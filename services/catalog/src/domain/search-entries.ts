// Finds things by a few letters: names that begin with them first, then words that do, then letters anywhere, then other fields.
import type { EntityRow, SearchRow } from '../contract.ts'

/** What was found with how well it fits, higher first; 0 is no fit. */
export function searchRows(rows: readonly EntityRow[], text: string, limit: number): SearchRow[] {
  const needle = text.trim().toLowerCase()
  return rows
    .map((row) => ({ row, score: scoreRow(row, needle) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.row.title.length - b.row.title.length || (a.row.ref < b.row.ref ? -1 : 1))
    .slice(0, limit)
    .map(({ row }) => ({ title: row.title, kind: toSearchKind(row), detail: row.description, owner: row.ownerName, path: row.path }))
}

/** 0 to 100. */
export function scoreText(text: string, needle: string): number {
  const hay = text.toLowerCase()
  if (needle === '') return 0
  if (hay === needle) return 100
  if (hay.startsWith(needle)) return 80
  if (hay.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(needle))) return 60
  if (hay.includes(needle)) return 40
  return isSubsequence(needle, hay) && needle.length >= 3 ? 10 : 0
}

function scoreRow(row: EntityRow, needle: string): number {
  const words = needle.split(/\s+/)
  const named = Math.max(scoreText(row.name, needle), scoreText(row.title, needle))
  if (named > 0) return named
  const rest = [row.name, row.title, row.description, row.type, row.kind, row.ownerName ?? '', ...row.tags].join(' ').toLowerCase()
  return words.every((word) => rest.includes(word)) ? 20 : 0
}

/** Rooms have better words for what they run than Backstage's kinds. */
function toSearchKind(row: EntityRow): string {
  if (row.source === 'live') return row.type === 'data-endpoint' ? 'endpoint' : row.type === 'feature-flag' ? 'flag' : row.type
  return row.kind.toLowerCase()
}

function isSubsequence(needle: string, hay: string): boolean {
  let at = 0
  for (const letter of hay) if (letter === needle[at]) at += 1
  return at >= needle.length
}
