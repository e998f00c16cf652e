// Steps of a repair as they are typed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseStep, sayShown } from './replay-dead.ts'

test('PF120 each step is read as it is typed, values as JSON or text', () => {
  assert.deepEqual(
    ['set type=search-made', 'set properties/n=5', 'default context/app={"v":1}', 'set a= b=c ', 'remove properties/x', 'rename properties/a=b', 'convert properties/n=integer', 'truncate properties/name=20'].map(parseStep),
    [
      { do: 'set', field: 'type', value: 'search-made' },
      { do: 'set', field: 'properties/n', value: 5 },
      { do: 'default', field: 'context/app', value: { v: 1 } },
      { do: 'set', field: 'a', value: ' b=c ' },
      { do: 'remove', field: 'properties/x' },
      { do: 'rename', field: 'properties/a', to: 'b' },
      { do: 'convert', field: 'properties/n', to: 'integer' },
      { do: 'truncate', field: 'properties/name', length: 20 },
    ],
  )
})

test('PF120 what is no step is refused with the forms there are', () => {
  for (const text of ['', 'set', 'set a', 'remove a=1', 'convert a=date', 'truncate a=x', 'explode a=1']) {
    assert.throws(() => parseStep(text), ({ code, message }: Error & { code: string }) => code === 'USAGE' && message.includes('rename FIELD=NAME'), text)
  }
})

test('PF130 samples that are not all say so', () => {
  assert.deepEqual([sayShown(20, 112), sayShown(3, 3)], ['Shown are the oldest 20. ', ''])
})
