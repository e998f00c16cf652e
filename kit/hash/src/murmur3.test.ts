// Published vectors, and a BigInt transcription of the reference implementation as oracle.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHasher, fingerprint } from './index.ts'
import cases from './cases.json' with { type: 'json' }

const hasher = createHasher()

test('HASH1 published vectors of the 64-bit hash', () => {
  for (const { text, hash } of cases.hashes.cases) assert.equal(fingerprint(text, hasher), hash, `"${text}"`)
})

test('HASH2 the population bucket that Confidence publishes', () => {
  for (const { text, buckets, bucket } of cases.buckets.cases) assert.equal(hasher.bucket(text, buckets), bucket)
})

test('HASH3 every length and alphabet agrees with the BigInt oracle', () => {
  const alphabets = ['abcXYZ019-|', 'é', 'ж中', '🎧', 'a\ud800b', '\u0000\u007f\u0080\u07ff\u0800\uffff']
  for (const alphabet of alphabets) {
    for (let length = 0; length < 70; length += 1) {
      const text = alphabet.repeat(1 + Math.ceil(length / alphabet.length)).slice(0, length)
      const expected = hashByBigInt(new TextEncoder().encode(text))
      assert.equal(fingerprint(text, hasher), expected.toString(16).padStart(16, '0'), JSON.stringify(text))
      for (const buckets of [1, 2, 3, 1000, 999_983, 1_000_000, 2 ** 21]) {
        assert.equal(hasher.bucket(text, buckets), Number((expected >> 4n) % BigInt(buckets)), `${JSON.stringify(text)} mod ${buckets}`)
      }
    }
  }
})

test('HASH5 a prefix and a text hash as if joined', () => {
  for (const prefix of ['', 'a|', 'ж|', 'x'.repeat(300)]) {
    for (const text of ['', 'unit-1', 'é🎧', 'y'.repeat(900)]) assert.equal(hasher.bucketAfter(prefix, text, 1_000_000), hasher.bucket(prefix + text, 1_000_000))
  }
})

test('HASH4 the buffer grows with the text', () => {
  const text = 'long text ж '.repeat(10_000)
  assert.equal(fingerprint(text), hashByBigInt(new TextEncoder().encode(text)).toString(16).padStart(16, '0'))
})

const MASK = (1n << 64n) - 1n
const C1 = 0x87c37b91114253d5n
const C2 = 0x4cf5ad432745937fn

function hashByBigInt(bytes: Uint8Array): bigint {
  const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & MASK
  const mix = (x: bigint): bigint => {
    let k = ((x ^ (x >> 33n)) * 0xff51afd7ed558ccdn) & MASK
    k = ((k ^ (k >> 33n)) * 0xc4ceb9fe1a85ec53n) & MASK
    return k ^ (k >> 33n)
  }
  const word = (from: number, to: number): bigint => bytes.slice(from, to).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  let h1 = 0n
  let h2 = 0n
  const blocks = bytes.length & ~15
  for (let at = 0; at < blocks; at += 16) {
    h1 ^= (rotate((word(at, at + 8) * C1) & MASK, 31n) * C2) & MASK
    h1 = ((((rotate(h1, 27n) + h2) & MASK) * 5n) + 0x52dce729n) & MASK
    h2 ^= (rotate((word(at + 8, at + 16) * C2) & MASK, 33n) * C1) & MASK
    h2 = ((((rotate(h2, 31n) + h1) & MASK) * 5n) + 0x38495ab5n) & MASK
  }
  h2 ^= (rotate((word(blocks + 8, blocks + 16) * C2) & MASK, 33n) * C1) & MASK
  h1 ^= (rotate((word(blocks, Math.min(blocks + 8, bytes.length)) * C1) & MASK, 31n) * C2) & MASK
  h1 ^= BigInt(bytes.length)
  h2 ^= BigInt(bytes.length)
  h1 = (h1 + h2) & MASK
  h2 = (h2 + h1) & MASK
  return (mix(h1) + mix(h2)) & MASK
}
