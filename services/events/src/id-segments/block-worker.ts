// The thread of block-builder.ts: one block after the other.
import { parentPort } from 'node:worker_threads'
import { crc32 } from 'node:zlib'
import { buildIdBlock } from '../domain/id-block.ts'
import type { BlockResult, BlockTask } from './block-builder.ts'

const port = parentPort
if (port === null) throw new Error('This file runs as the thread of a block builder.')

port.on('message', ({ id, parts, prefixBits, bucketBits }: BlockTask) => {
  try {
    const block = buildIdBlock(parts, prefixBits, bucketBits)
    const { words, filter, starts } = block
    const crc = crc32(new Uint8Array(words.buffer, words.byteOffset, words.byteLength))
    port.postMessage({ id, block: { ...block, crc } } satisfies BlockResult, [words.buffer, filter.bytes.buffer, starts.buffer])
  } catch (thrown) {
    port.postMessage({ id, failure: thrown instanceof Error ? thrown.message : String(thrown) } satisfies BlockResult)
  }
})
