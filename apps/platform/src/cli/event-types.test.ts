// Fields of a schema as rows, however deep they lie.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listFields } from './event-types.ts'

test('PF102 fields of a schema: those of objects and lists too, with what they must be, whose they are, and their limits', () => {
  const fields = listFields({
    type: 'object',
    required: ['orderId'],
    properties: {
      orderId: { type: 'string', personal: 'none', minLength: 1, maxLength: 64 },
      source: { type: 'string', enum: ['web', 'app'], personal: 'none', description: 'Where it was made' },
      to: { type: 'object', required: ['city'], properties: { city: { type: ['string', 'null'], personal: 'strict' } } },
      lines: { type: 'array', items: { type: 'object', properties: { sku: { type: 'string', personal: 'none' } } } },
    },
  })
  assert.deepEqual(fields.map(({ field, type, required, personal, limits, description }) => [field, type, required, personal, limits, description]), [
    ['orderId', 'string', 'yes', 'none', 'minLength 1, maxLength 64', ''],
    ['source', 'string', 'no', 'none', 'web | app', 'Where it was made'],
    ['to', 'object', 'no', '', '', ''],
    ['to.city', 'string or null', 'yes', 'strict', '', ''],
    ['lines', 'array of object', 'no', '', '', ''],
    ['lines[].sku', 'string', 'no', 'none', '', ''],
  ])
})
