// `rondo evaluate TABLE`: recommenders beside honest floors on a split with known answers.
import { EVALUATION_TABLES, evaluateTable } from '@rondo/recommendations'
import { resolve } from 'node:path'
import { errors } from '../errors.ts'
import { textOf, wordOf, type Command } from './command.ts'

export const command: Command = {
  name: 'evaluate',
  summary: 'Recommenders beside honest floors on a fixed split, ranked in full.',
  usage: Object.values(EVALUATION_TABLES).map(({ name, expects }) => `evaluate ${name} --data DIR   ${expects}`),
  example: 'rondo evaluate hetrec --data ../lastfm-split',
  options: {},
  words: ['TABLE'],
  optionHelp: { '--data DIR': 'the folder with the split' },
  async run(args, terminal) {
    const table = wordOf(args, 0)
    if (!Object.hasOwn(EVALUATION_TABLES, table)) throw errors.usage({ text: `There is no table "${table}"; there are ${Object.keys(EVALUATION_TABLES).join(', ')}.`, command: 'evaluate' })
    const folder = textOf(args, 'data')
    if (folder === undefined) throw errors.usage({ text: '--data DIR is missing: the folder with the split.', command: 'evaluate' })
    const rows = await evaluateTable(table, resolve(folder), (text) => terminal.progress(text))
    if (terminal.json) terminal.rows(rows)
    else terminal.rows(rows.map(({ model, metrics }) => ({ model, ...metrics })))
    return 0
  },
}
