// The offline table of the house beside its floors, where the published split is there.
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { evaluateTable } from '@rondo/recommendations'
import type { BenchResult } from '../result.ts'

const DATA = join(import.meta.dirname, '../../../../shared/data/hetrec-lastfm-split')
const MARKS: Record<string, number> = { ials: 0.277, 'item-knn': 0.265 }

export async function run(): Promise<BenchResult[]> {
  const isThere = await access(DATA).then(() => true, () => false)
  if (!isThere) return [{ name: 'recommendations: HetRec split', figure: 'skipped: the data are not beside the repository' }]
  const rows = await evaluateTable('hetrec', DATA, () => undefined)
  return rows.map(({ model, metrics }): BenchResult => {
    const recall = metrics['recall@20'] ?? 0
    const mark = MARKS[model]
    return { name: `recommendations: HetRec, ${model}`, figure: `recall@20 ${recall.toFixed(3)}, NDCG@20 ${metrics['ndcg@20']?.toFixed(3)}`, ...(mark === undefined ? {} : { mark: `recall ≥ ${mark}`, ok: recall >= mark }) }
  })
}
