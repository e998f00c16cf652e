// Which expressions are refused before they meet a text.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { repeatsRepetition } from './slow-patterns.ts'

test('EV34 a repeated group must not repeat inside, in whatever form it is written', () => {
  const slow = ['^(a+)+$', '(a*)*', '(?:a+)*b', '(?<name>a|b+){2,}', '((ab)+c)*', '((a+)?)+', '(a?){30}', '([a-z]{1,63}\\.){1,8}', '(a+){9}', '(x[)+]+)*?', '(\\(+)+', '(?=(a+)+b)']
  const quick = ['^[a-z]+$', '^(ab)+$', '^[1-9][0-9]*-[0-9]+$', '(a+)?b', '^([0-9]{1,3}\\.){3}[0-9]{1,3}$', '([0-9a-f]{2}:){5}', '(\\+)+', '([+*)(]x)*', '(?:a)(b+)', '^a{2,3}b{4,}$', '']
  assert.deepEqual(slow.filter((pattern) => !repeatsRepetition(pattern)), [])
  assert.deepEqual(quick.filter(repeatsRepetition), [])
})
