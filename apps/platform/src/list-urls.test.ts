// Where a server is reached, by what it is bound to.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listUrls } from './list-urls.ts'

const address = (address: string, family: 'IPv4' | 'IPv6', internal = false) => (family === 'IPv4' ? { address, family, internal, netmask: '', mac: '', cidr: null } : { address, family, internal, netmask: '', mac: '', cidr: null, scopeid: 0 })
const interfaces = { lo: [address('127.0.0.1', 'IPv4', true), address('::1', 'IPv6', true)], eth0: [address('2001:db8::7', 'IPv6'), address('fe80::1', 'IPv6'), address('192.0.2.7', 'IPv4')] }

test('PF96 bound to all addresses, it is reached at each that this machine has, loopback last; bound to one, there', () => {
  assert.deepEqual(listUrls('0.0.0.0', 7070, interfaces), ['http://192.0.2.7:7070', 'http://127.0.0.1:7070'])
  assert.deepEqual(listUrls('::', 7070, interfaces), ['http://192.0.2.7:7070', 'http://[2001:db8::7]:7070', 'http://127.0.0.1:7070'])
  assert.deepEqual(listUrls('127.0.0.1', 7070, interfaces), ['http://127.0.0.1:7070'])
  assert.deepEqual(listUrls('::1', 7070, interfaces), ['http://[::1]:7070'])
  assert.deepEqual(listUrls('0.0.0.0', 7070, {}), ['http://127.0.0.1:7070'])
})
