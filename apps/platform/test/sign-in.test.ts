// Where a sign-in leads back to.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toLocalPath } from '../src/sign-in.ts'

test('PF32 after signing in one comes back to a page of this portal, never to another place', () => {
  for (const path of ['/', '/events?peek=track-played', '/users/a%20b', '/experiments/x?view=list&sort=-seen']) assert.equal(toLocalPath(path), path)
  for (const elsewhere of ['', 'http://elsewhere', '//elsewhere', '/\\elsewhere', '/.//elsewhere', '\\\\elsewhere', 'javascript:alert(1)', '/\t/elsewhere', 'events']) assert.equal(toLocalPath(elsewhere), '/', elsewhere)
  assert.equal(toLocalPath('/a\r\nset-cookie: x'), '/aset-cookie:%20x')
})
