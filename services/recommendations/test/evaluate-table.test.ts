// Offline tables: what is refused, and the published split where it is there.
import assert from 'node:assert/strict'
import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { evaluateTable } from '../src/index.ts'

const data = join(import.meta.dirname, '../../../../shared/data/hetrec-lastfm-split')
const isThere = await access(data).then(() => true, () => false)

test('RE50 what is no table, no file or no number is refused with its place', async () => {
  await using folder = await createTempFolder()
  for (const table of ['nothing', 'constructor', '__proto__']) await assert.rejects(evaluateTable(table, folder.path, () => undefined), { code: 'NO_TABLE' })
  await assert.rejects(evaluateTable('hetrec', folder.path, () => undefined), { code: 'NO_TABLE_FILE' })
  await writeFile(folder.join('test1.txt'), '1 1 1\n')
  for (const line of ['1 x 3', '0 1 1', '1 1 many', '1.5 1 1', '7']) {
    await writeFile(folder.join('data1.txt'), `1 2 3\n\n${line}\n`)
    await assert.rejects(evaluateTable('hetrec', folder.path, () => undefined), { code: 'BAD_TABLE', message: `${folder.join('data1.txt')}:3: "${line}" is not "user item weight".` })
  }
})

test('RE51 on the published HetRec split iALS clears its floors and its marks', { skip: isThere ? false : 'the HetRec split is not beside the repository' }, async () => {
  const rows = await evaluateTable('hetrec', data, () => undefined)
  const metricOf = (model: string, metric: string): number => rows.find((row) => row.model === model)?.metrics[metric] ?? 0
  assert.deepEqual(rows.map(({ model }) => model), ['popularity', 'item-knn', 'ials'])
  assert.ok(metricOf('ials', 'recall@20') >= 0.277 && metricOf('ials', 'ndcg@20') >= 0.2145, JSON.stringify(rows))
  assert.ok(metricOf('item-knn', 'recall@20') >= 0.265 && metricOf('popularity', 'recall@20') < 0.05)
})
