// Addresses of buckets: what they say, and how they are refused.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { loadS3 } from './load-s3.ts'
import { parseS3Address } from './parse-s3-address.ts'

const SECRET = { accessKeyId: 'key', secretAccessKey: 's/c+r%t' }

for (const [address, expected] of [
  ['s3://key:s%2Fc%2Br%25t@127.0.0.1:9000/bucket?region=eu-north-1', { bucket: 'bucket', prefix: '', region: 'eu-north-1', endpoint: 'http://127.0.0.1:9000', credentials: SECRET, pathStyle: true }],
  ['s3://key:s%2Fc%2Br%25t@store.example/bucket/a/b/', { bucket: 'bucket', prefix: 'a/b/', region: undefined, endpoint: 'https://store.example', credentials: SECRET, pathStyle: true }],
  ['s3://store.example:9000/bucket?tls=0&pathStyle=0', { bucket: 'bucket', prefix: '', region: undefined, endpoint: 'http://store.example:9000', credentials: undefined, pathStyle: false }],
  ['s3://localhost:9000/bucket?tls=1', { bucket: 'bucket', prefix: '', region: undefined, endpoint: 'https://localhost:9000', credentials: undefined, pathStyle: true }],
  ['s3://bucket', { bucket: 'bucket', prefix: '', region: undefined, endpoint: undefined, credentials: undefined, pathStyle: false }],
  ['s3://my.bucket/prefix?endpoint=https://storage.googleapis.com/', { bucket: 'my.bucket', prefix: 'prefix/', region: undefined, endpoint: 'https://storage.googleapis.com', credentials: undefined, pathStyle: true }],
] as const) {
  it(`OB17 ${address} says where`, () => {
    const { shown, ...settings } = parseS3Address(address)
    assert.deepEqual(settings, expected)
    assert.ok(!shown.includes('s%2F'))
  })
}

for (const [address, reason] of [
  ['s3:', 'cannot be read'],
  ['s3://', 'cannot be read'],
  ['s3://key:se/cret@host/bucket', 'cannot be read'],
  ['s3://key@host/bucket', 'without a secret'],
  ['s3://key:secret@host', 'no bucket behind its host'],
  ['s3://key:secret@host/Bucket', '"Bucket" is no name'],
  ['s3://b', '"b" is no name'],
  ['s3://bucket/a b', 'begins no key'],
  ['s3://bucket/../x%2F..', 'begins no key'],
  ['s3://bucket?tls=0', 'tls says something only'],
  ['s3://bucket?endpoint=host', 'must look like'],
  ['s3://host:1/bucket?endpoint=http://host', 'twice'],
  ['s3://host:1/bucket?tls=yes', 'must be 0 or 1'],
  ['s3://bucket?regoin=x', 'no parameter "regoin"'],
  ['s3://key:%@host/bucket', '%25'],
] as const) {
  it(`OB17 ${address} is refused, with why`, () => {
    assert.throws(() => parseS3Address(address), (error: Error & { code: string }) => error.code === 'BAD_STORE_ADDRESS' && error.message.includes(reason) && !/secret|se\/cret/.test(error.message.replace('without a secret', '')))
  })
}

it('OB17 without the client library the line that installs it is told', async () => {
  await assert.rejects(
    loadS3(() => Promise.reject(new Error('Cannot find package'))),
    (error: Error & { code: string; help: string }) => error.code === 'PACKAGE_MISSING' && error.help === 'npm install @aws-sdk/client-s3@3.1173.0',
  )
})
