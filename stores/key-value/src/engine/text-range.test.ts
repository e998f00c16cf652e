// Prefixes and pages as ranges, beside the plain definition of both.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '@rondo/random'
import { toTextRange } from './text-range.ts'

const LETTERS = ['\0', 'a', 'b', '\u007f', '\u0080', '\u07ff', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f3b5}', '\u{10ffff}']

test('KV7 a range holds exactly the sorts with the prefix and beyond the other, at the edges of UTF-8 too', () => {
  const random = createRandom('ranges')
  const makeText = (): string => Array.from({ length: Math.floor(random.next() * 4) }, () => LETTERS[Math.floor(random.next() * LETTERS.length)]).join('')
  for (let round = 0; round < 20_000; round += 1) {
    const [sort, prefix, other, reverse] = [makeText(), makeText(), makeText(), random.next() < 0.5]
    const after = random.next() < 0.5 ? undefined : other
    const isBeyond = after === undefined || (reverse ? compare(sort, after) < 0 : compare(sort, after) > 0)
    const range = toTextRange({ prefix, reverse, ...(after === undefined ? {} : { after }) })
    const isIn = range !== undefined && compare(range.from, sort) <= 0 && compare(sort, range.to) < 0
    assert.equal(isIn, sort.startsWith(prefix) && isBeyond, JSON.stringify({ sort, prefix, after, reverse, range }))
  }
})

test('KV7 the longest sort there can be is in the range of everything', () => {
  const longest = '\u{10ffff}'.repeat(128)
  assert.equal(compare(longest, toTextRange({})?.to ?? ''), -1)
  assert.equal(compare(longest, toTextRange({ prefix: longest })?.to ?? ''), -1)
})

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
