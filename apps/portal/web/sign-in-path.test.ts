/// <reference types="node" />
// Pasted links.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toSignInPath } from './sign-in-path.ts'

test('PO14 a pasted link, or its secret alone, leads in and back; anything else does not', () => {
  const expected = '/sign-in?link=rk_link_a-b_1&next=%2Fevents%3Fpeek%3Dtrack-played'
  for (const pasted of ['rk_link_a-b_1', ' http://127.0.0.1:7070/sign-in?link=rk_link_a-b_1 ', 'Open http://other/sign-in?link=rk_link_a-b_1&x=1']) assert.equal(toSignInPath(pasted, '/events?peek=track-played'), expected)
  for (const pasted of ['', 'http://127.0.0.1:7070', 'rk_admin_a']) assert.equal(toSignInPath(pasted, '/'), undefined)
})
