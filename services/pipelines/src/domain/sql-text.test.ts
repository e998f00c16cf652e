// What is read out of SQL, and what is left as it is: strings, comments, names in quotes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findIdentifiers, findUnknownParameters, toSubquery, typeParameters } from './sql-text.ts'

test('PL1 parameters are typed where they are parameters, not in strings, names or comments', () => {
  assert.equal(typeParameters(`select $start, '$start', "$end", $partition -- $end\n, $ends, $$ $end $$`), `select CAST($start AS TIMESTAMP), '$start', "$end", CAST($partition AS VARCHAR) -- $end\n, $ends, $$ $end $$`)
  assert.deepEqual(findUnknownParameters(`select $from, $start, '$no' /* $neither */`), ['$from'])
})

test('PL13 identifiers are found quoted or bare, in lower case', () => {
  const names = findIdentifiers(`with a as (select 'saved', "Track-Played".x from "Track-Played" -- skipped\n) select * from Listening_Daily, e'it\\'s hidden'`)
  assert.ok(names.has('track-played') && names.has('listening_daily'))
  for (const hidden of ['saved', 'skipped', 'hidden']) assert.equal(names.has(hidden), false, hidden)
})

test('PL1 a text stands in brackets whatever it ends with', () => {
  assert.equal(toSubquery('select 1;'), '(select 1\n)')
  assert.equal(toSubquery('select 1 ; -- done;\n;'), '(select 1  -- done;\n\n)')
  assert.equal(toSubquery(`select ';'`), `(select ';'\n)`)
})
