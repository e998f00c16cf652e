// Offline tables with known answers: popularity, item-kNN and iALS on a fixed split, ranked in full.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { IALS_DEFAULTS, computeItemKnnScores, computeLogConfidences, computePopularity, createCsr, createFactorIndex, evaluateRanking, fitItemKnn, trainIals, type CsrMatrix, type RankingReport } from '@rondo/numerics'
import { errors } from '../errors.ts'
import { rowOf } from './live-model.ts'

export type EvaluationRow = { model: string; metrics: Record<string, number> }

type Table = { name: string; expects: string; trainFile: string; testFile: string; k: number }

export const EVALUATION_TABLES: Record<string, Table> = {
  hetrec: { name: 'hetrec', expects: 'a folder with data1.txt (train) and test1.txt (test): "user item weight" a line, ids from 1', trainFile: 'data1.txt', testFile: 'test1.txt', k: 20 },
}

/** Every item that the user did not train on is ranked; recall@k and NDCG@k as means over users with test items, ties broken by chance. */
export async function evaluateTable(name: string, folder: string, onProgress: (text: string) => void): Promise<EvaluationRow[]> {
  const table = Object.hasOwn(EVALUATION_TABLES, name) ? EVALUATION_TABLES[name] : undefined
  if (table === undefined) throw errors.noTable({ table: name, known: Object.keys(EVALUATION_TABLES).join(', ') })
  const [trainRows, testRows] = [await readPairs(join(folder, table.trainFile)), await readPairs(join(folder, table.testFile))]
  const shape = { rowCount: countUpTo(trainRows.users, testRows.users), columnCount: countUpTo(trainRows.items, testRows.items) }
  const train = createCsr({ ...shape, rows: trainRows.users, columns: trainRows.items })
  const test = createCsr({ ...shape, rows: testRows.users, columns: testRows.items })
  const rank = async (model: string, computeScores: (user: number) => Float32Array): Promise<EvaluationRow> => {
    onProgress(`${model}: ranking ${shape.rowCount} users over ${shape.columnCount} items`)
    return { model, metrics: toMetrics(await evaluateRanking({ train, test, computeScores, k: table.k }), table.k) }
  }
  const popularity = computePopularity(train)
  const rows = [await rank('popularity', () => popularity)]
  onProgress('item-knn: fitting')
  const similarities = fitItemKnn(train)
  rows.push(await rank('item-knn', (user) => computeItemKnnScores(similarities, ...entriesOf(train, user))))
  const plays = createCsr({ ...shape, rows: trainRows.users, columns: trainRows.items, values: trainRows.weights })
  const model = await trainIals({ ...IALS_DEFAULTS, interactions: computeLogConfidences(plays), onEpoch: ({ epoch }) => onProgress(`ials: epoch ${epoch} of ${IALS_DEFAULTS.epochs}`) })
  const index = await createFactorIndex({ factors: model.itemFactors, dimensions: model.dimensions })
  rows.push(await rank('ials', (user) => index.computeScores(rowOf(model.userFactors, user, model.dimensions))))
  return rows
}

/** One more than the largest number. */
function countUpTo(...lists: number[][]): number {
  let largest = -1
  for (const list of lists) for (const number of list) if (number > largest) largest = number
  return largest + 1
}

function entriesOf(matrix: CsrMatrix, row: number): [Int32Array, Float32Array] {
  const [start, end] = [matrix.rowOffsets[row] ?? 0, matrix.rowOffsets[row + 1] ?? 0]
  return [matrix.columnIndices.subarray(start, end), matrix.values.subarray(start, end)]
}

function toMetrics(report: RankingReport, k: number): Record<string, number> {
  return { [`recall@${k}`]: report.recall, [`ndcg@${k}`]: report.ndcg, [`coverage@${k}`]: report.coverageShare }
}

type Pairs = { users: number[]; items: number[]; weights: number[] }

/** Users and items from 0. Throws NO_TABLE_FILE, BAD_TABLE with the line. */
async function readPairs(file: string): Promise<Pairs> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw errors.noTableFile({ file }, cause)
  })
  const [users, items, weights]: [number[], number[], number[]] = [[], [], []]
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const [user = 0, item = 0, weight = 1] = line.trim().split(/\s+/).map(Number)
    if (!(Number.isInteger(user) && user >= 1 && Number.isInteger(item) && item >= 1 && Number.isFinite(weight))) throw errors.badTable({ file, line: i + 1, text: line.slice(0, 80) })
    users.push(user - 1)
    items.push(item - 1)
    weights.push(weight)
  }
  return { users, items, weights }
}
