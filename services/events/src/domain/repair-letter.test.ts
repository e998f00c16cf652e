// A repair does what its steps say, and nothing else.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RepairStep } from '../contract.ts'
import { repairLetter } from './repair-letter.ts'

const repair = (letter: unknown, steps: RepairStep[], rule = 'properties/n type', spareId?: string): unknown => {
  const bytes = repairLetter(Buffer.from(typeof letter === 'string' ? letter : JSON.stringify(letter)), rule, steps, spareId)
  return bytes === undefined ? undefined : (JSON.parse(bytes.toString()) as unknown)
}

test('EV80 steps set, default, remove, rename, convert and truncate fields, in their order', () => {
  const letter = { id: 'a', type: 'old', properties: { n: '12.6', name: 'abc😀def', flag: 'true', gone: 1, both: 1, other: 2 } }
  assert.deepEqual(
    repair(letter, [
      { do: 'set', field: 'type', value: 'new' },
      { do: 'convert', field: 'properties/n', to: 'integer' },
      { do: 'truncate', field: 'properties/name', length: 4 },
      { do: 'convert', field: 'properties/flag', to: 'boolean' },
      { do: 'remove', field: 'properties/gone' },
      { do: 'rename', field: 'properties/name', to: 'title' },
      { do: 'rename', field: 'properties/both', to: 'other' },
      { do: 'default', field: 'properties/other', value: 3 },
      { do: 'default', field: 'context/app/version', value: 'unknown' },
      { do: 'remove', field: 'nothing/here' },
    ]),
    { id: 'a', type: 'new', properties: { n: 13, flag: true, both: 1, other: 2, title: 'abc😀' }, context: { app: { version: 'unknown' } } },
  )
})

test('EV80 what cannot be converted stays as it was', () => {
  for (const value of ['', ' ', '12px', '0x10', 'NaN', null, {}, [1]]) {
    assert.equal(repair({ id: 'a', n: value }, [{ do: 'convert', field: 'n', to: 'number' }]), undefined)
  }
  assert.deepEqual(repair({ id: 'a', n: 5, b: 'yes' }, [{ do: 'convert', field: 'n', to: 'string' }, { do: 'convert', field: 'b', to: 'boolean' }]), { id: 'a', n: '5', b: 'yes' })
})

test('EV80 a letter without a usable id gets one when that is asked for, always the same', () => {
  for (const id of [undefined, '', 5, 'x'.repeat(65)]) {
    assert.deepEqual(repair({ id }, [], 'id required', 'spare'), { id: 'spare' })
    assert.equal(repair({ id }, [{ do: 'remove', field: 'properties/n' }]), undefined)
  }
  assert.equal(repair({ id: 'a' }, [], 'id required', 'spare'), undefined)
})

test('EV80 what is no JSON object, or would not come back exactly, is not touched', () => {
  for (const letter of ['{"id":', '[1]', '"a"', 'null']) assert.equal(repair(letter, []), undefined)
  for (const rule of ['duplicate-key', 'number-range', 'lone-surrogate', 'not-a-number', 'nesting']) assert.equal(repair({ id: 'a' }, [], rule), undefined)
  assert.equal(repairLetter(Buffer.from([0x7b, 0xff, 0x7d]), '', [], 's'), undefined)
})
