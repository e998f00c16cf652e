// From rows of taste to the matrix that a model is trained on.
import { createCsr, mapValues, type CsrMatrix } from '@rondo/numerics'

export type TasteRow = { userId: string; trackId: string; score: number }

export type Interactions = {
  users: string[]
  items: string[]
  matrix: CsrMatrix
  /** Per item: listeners with a positive score. */
  listenersOf: Int32Array
}

/** A listener with fewer entries keeps all of them for training. */
const LEAST_TO_HOLD_OUT = 5

/**
 * Confidence of a signed score: logarithmic, so that a thousandth play says little more than a hundredth (Hu, Koren and Volinsky 2008, eq. 6
 * with epsilon 1). Dislikes keep their sign: preference 0 with confidence.
 */
export function computeConfidence(score: number): number {
  return Math.sign(score) * Math.log1p(Math.abs(score))
}

/** Users and items in the order of their names, so that the same rows give the same model. Rows of score 0 say nothing and are left out, as are scores that are no numbers. */
export function buildInteractions(rows: TasteRow[]): Interactions {
  const kept = rows.filter((row) => row.score !== 0 && Number.isFinite(row.score))
  const users = [...new Set(kept.map((row) => row.userId))].sort()
  const items = [...new Set(kept.map((row) => row.trackId))].sort()
  const [userAt, itemAt] = [toIndex(users), toIndex(items)]
  const scores = createCsr({
    rowCount: users.length,
    columnCount: items.length,
    rows: kept.map((row) => userAt.get(row.userId) ?? 0),
    columns: kept.map((row) => itemAt.get(row.trackId) ?? 0),
    values: kept.map((row) => row.score),
  })
  const confidences = mapValues(scores, computeConfidence)
  // Summed in the order of the matrix: a sum in the order of the rows would differ in its last digit from one query to the next.
  const matrix = { ...confidences, values: confidences.values.slice() }
  for (let user = 0; user < matrix.rowCount; user += 1) scaleConfidences(matrix.values.subarray(matrix.rowOffsets[user], matrix.rowOffsets[user + 1]))
  const listenersOf = new Int32Array(items.length)
  matrix.columnIndices.forEach((item, entry) => {
    if ((matrix.values[entry] ?? 0) > 0) listenersOf[item] = (listenersOf[item] ?? 0) + 1
  })
  return { users, items, matrix, listenersOf }
}

/**
 * In place: the mean magnitude of one listener's confidences becomes 1. Counts of a decade of plays and one evening's ratings then say as much,
 * each about its own listener; without it, listeners of a quiet source would teach the model nothing beside those of a loud one.
 */
export function scaleConfidences(values: Float32Array): void {
  const mean = values.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, values.length)
  if (mean > 0) for (let entry = 0; entry < values.length; entry += 1) values[entry] = (values[entry] ?? 0) / mean
}

export function toIndex(names: string[]): Map<string, number> {
  return new Map(names.map((name, index) => [name, index]))
}

/** About one in `every` of the likes of each user with at least five entries is set aside, chosen by a hash of its place: the same each time, and no pattern of the order. */
export function splitHoldout(matrix: CsrMatrix, every: number): { train: CsrMatrix; test: CsrMatrix } {
  const shape = { rowCount: matrix.rowCount, columnCount: matrix.columnCount }
  const [train, test] = [createTriplets(), createTriplets()]
  for (let user = 0; user < matrix.rowCount; user += 1) {
    const [start, end] = [matrix.rowOffsets[user] ?? 0, matrix.rowOffsets[user + 1] ?? 0]
    for (let entry = start; entry < end; entry += 1) {
      const value = matrix.values[entry] ?? 0
      const side = value > 0 && end - start >= LEAST_TO_HOLD_OUT && hashInteger(entry) % every === 0 ? test : train
      side.rows.push(user)
      side.columns.push(matrix.columnIndices[entry] ?? 0)
      side.values.push(value)
    }
  }
  return { train: createCsr({ ...shape, ...train }), test: createCsr({ ...shape, ...test }) }
}

function createTriplets(): { rows: number[]; columns: number[]; values: number[] } {
  return { rows: [], columns: [], values: [] }
}

/** The finaliser of MurmurHash3, 32 bits. */
function hashInteger(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
