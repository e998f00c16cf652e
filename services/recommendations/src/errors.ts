// Every error of recommendations.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  tooLittleData: entry({
    code: 'TOO_LITTLE_DATA',
    kind: 'conflict',
    message: (d: { interactions: number; least: number; week: string }) => `There are ${d.interactions} interactions up to the week of "${d.week}"; ${d.least} are needed to learn from.`,
    help: 'Send more listening: `npx rondo import` takes real data, `npx rondo up` simulates it.',
  }),
  tooMuchData: entry({
    code: 'TOO_MUCH_DATA',
    kind: 'too-large',
    message: (d: { rows: number }) => `There are more than ${d.rows} rows of taste: more than this process trains on.`,
    help: 'Let the pipeline of taste-weekly leave out listeners and tracks with hardly any plays.',
  }),
  tasteNotPublished: entry({
    code: 'TASTE_NOT_PUBLISHED',
    kind: 'conflict',
    message: (d: { partition: string; state: string; reason: string }) => `The taste of "${d.partition}" was not published: its run is "${d.state}" (${d.reason}).`,
    help: 'Look at the run on the Datasets page, mend its pipeline or data, then refresh again.',
  }),
  weekWrong: entry({
    code: 'WEEK_WRONG',
    kind: 'invalid',
    message: (d: { week: string; monday: string | undefined }) => (d.monday === undefined ? `"${d.week}" is no date.` : `"${d.week}" is not a Monday.`),
    help: (d) => (d.monday === undefined ? 'Name the Monday of the week, for instance "2026-09-21".' : `Its week is "${d.monday}".`),
  }),
  noTable: entry({
    code: 'NO_TABLE',
    kind: 'invalid',
    message: (d: { table: string; known: string }) => `There is no table "${d.table}".`,
    help: (d) => `Tables: ${d.known}.`,
  }),
  badTable: entry({
    code: 'BAD_TABLE',
    kind: 'invalid',
    message: (d: { file: string; line: number; text: string }) => `${d.file}:${d.line}: "${d.text}" is not "user item weight".`,
    help: 'Users and items are whole numbers from 1, the weight is a number; it may be left out.',
  }),
  noTableFile: entry({ code: 'NO_TABLE_FILE', kind: 'not-found', message: (d: { file: string }) => `"${d.file}" is not there.`, help: 'Name the folder with --data DIR.' }),
})
