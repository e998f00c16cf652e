// No message may show a password, also of an address with a slip in it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hidePassword } from './index.ts'

test('an address is shown with its user and without its password', () => {
  const shown: Record<string, string> = {
    'kafka://ann:secret@host:9092/?prefix=a.': 'kafka://ann:…@host:9092/?prefix=a.',
    'postgress://ann:se@c:r/et@host/db': 'postgress://ann:…@host/db',
    's3://:secret@host/bucket': 's3://:…@host/bucket',
    'cassandra://host:9042,other:9043/rondo': 'cassandra://host:9042,other:9043/rondo',
    'sqlite:./state': 'sqlite:./state',
  }
  for (const [address, expected] of Object.entries(shown)) assert.equal(hidePassword(address), expected)
})
