// Planted: a test of no rule, and one of a rule that nobody wrote down.
import { test } from 'node:test'

test('AB1 is held', () => {})
test('AB7 is unknown', () => {})
test('is of no rule', () => {})
