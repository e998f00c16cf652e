// Tables: whole where they are piped, inside the lines of a terminal, and never cut without a word.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toTable } from './table.ts'

const LONG = 'a sentence of a good seventy letters, which a table used to cut at sixty, silently'

test('PF94 what is piped is whole, whatever its length', () => {
  assert.equal(toTable([{ name: 'x', text: LONG, count: 1234 }], ['name', 'text', 'count']), `name  ${'text'.padEnd(LONG.length)}  count\nx     ${LONG}  1,234\n`)
})

test('PF94 in a terminal the widest columns are cut to its width, with a mark; numbers and narrow columns are whole', () => {
  const rows = [{ name: 'weekly-shelf', text: LONG, also: LONG, count: 1_234_567 }]
  const lines = toTable(rows, ['name', 'text', 'also', 'count'], 80).trimEnd().split('\n')
  assert.deepEqual(lines.map((line) => line.length), [79, 79])
  assert.match(lines[1] ?? '', /^weekly-shelf {2}a sentence of a good.*… {2}a sentence of a good.*… {2}1,234,567$/)
  assert.equal(toTable(rows, ['name', 'text'], 200), toTable(rows, ['name', 'text']), 'what fits is whole')
  assert.match(toTable([{ a: LONG, b: LONG, c: LONG }], ['a', 'b', 'c'], 10), /^a {9}b {9}c\na sente… {2}a sente… {2}a sente…\n$/, 'of a terminal too narrow for a table')
})

test('PF94 a cell is one line, and holds nothing that a terminal would obey', () => {
  assert.equal(toTable([{ a: 'x\n\ty', b: '\u001b]0;title\u0007\u009b2J', c: { d: '\u007f' } }], ['a', 'b', 'c']), `a     b              c\nx  y  \ufffd]0;title\ufffd\ufffd2J  {"d":"\ufffd"}\n`)
})
