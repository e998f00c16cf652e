// Every error of recommendations.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  tooLittleData: entry({
    code: 'TOO_LITTLE_DATA',
    kind: 'conflict',
    message: (d: { interactions: number; least: number; week: string }) => `There are ${d.interactions} interactions up to the week of "${d.week}"; ${d.least} are needed to learn from.`,
    help: 'Send more listening: `npx rondo import` takes real data, `npx rondo up` simulates it.',
  }),
  tooMuchData: entry({ code: 'TOO_MUCH_DATA', kind: 'too-large', message: (d: { rows: number }) => `More than ${d.rows} rows of taste: more than this process trains on.` }),
  noTable: entry({
    code: 'NO_TABLE',
    kind: 'invalid',
    message: (d: { table: string; known: string }) => `There is no table "${d.table}".`,
    help: (d) => `Tables: ${d.known}.`,
  }),
  badTable: entry({ code: 'BAD_TABLE', kind: 'invalid', message: (d: { file: string; line: number; text: string }) => `${d.file}:${d.line}: "${d.text}" is not "user item weight".` }),
  noTableFile: entry({ code: 'NO_TABLE_FILE', kind: 'not-found', message: (d: { file: string }) => `"${d.file}" is not there.`, help: 'Name the folder with --data DIR.' }),
})
