// S3 of a test's own, asked without a signature: the refusal is an answer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEngine } from '../start-engine.ts'
import { testOwnEngine } from './own-engine.ts'

testOwnEngine('s3')

test('EN14 what is not signed is refused by S3', async () => {
  await using engine = await startEngine('s3')
  const response = await fetch(`${engine.env['AWS_ENDPOINT_URL_S3']}/rondo/key`)
  assert.equal(response.status, 403)
})
