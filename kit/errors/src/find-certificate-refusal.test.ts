// Certificates that were refused, as Node and client libraries tell of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findCertificateRefusal } from './find-certificate-refusal.ts'

const error = (code: string, message: string): Error => Object.assign(new Error(message), { code })

test('a certificate that is not trusted is found by its code, within causes and several tries, and nothing else is', () => {
  const unknown = error('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca')
  const named = error('ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames: Host: a. is not cert's CN: b.")
  assert.equal(findCertificateRefusal(unknown), 'unable to verify the first certificate')
  assert.equal(findCertificateRefusal(new Error('connection failed', { cause: named })), "Hostname/IP does not match certificate's altnames: Host: a. is not cert's CN: b")
  assert.equal(findCertificateRefusal(new AggregateError([new Error('a'), new Error('b', { cause: unknown })])), 'unable to verify the first certificate')
  for (const other of [error('ECONNREFUSED', 'connect ECONNREFUSED'), new Error('x'), 'CERT_HAS_EXPIRED', undefined]) assert.equal(findCertificateRefusal(other), undefined)
})
