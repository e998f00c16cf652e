/// <reference types="node" />
// Letters typed before the palette is there.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { appendKey } from './use-typed-ahead.ts'

test('UI26 letters and spaces are kept, a letter can be taken back, other keys write nothing', () => {
  const text = ['t', 'a', 's', 'x', 'Backspace', 't', 'é', ' '].reduce((before, key) => appendKey(before, key) ?? before, '')
  assert.equal(text, 'tasté ')
  for (const key of ['Enter', 'Shift', 'ArrowDown', 'Tab', 'Escape']) assert.equal(appendKey('x', key), undefined)
})
