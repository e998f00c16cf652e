// Reads an object, whole or in part, into one buffer. The client library checks whole ones against the checksum they were stored with.
import { Readable } from 'node:stream'
import type { Ctx } from '@rondo/context'
import { findErrno } from '@rondo/files'
import type { Bucket } from './bucket.ts'
import { BrokenAnswerError, isBeyondEnd } from './s3-errors.ts'

/** `range` is half-open and not empty; beyond the end there is nothing. Throws `OBJECT_NOT_FOUND`. */
export async function readObject(bucket: Bucket, key: string, range: { start: number; end: number } | undefined, ctx: Ctx): Promise<Uint8Array> {
  const question = { ...bucket.place(key), ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end - 1}` }) }
  try {
    return await bucket.run(
      key,
      ctx,
      async ({ client, abortSignal }) => {
        const { Body, ContentLength = 0 } = await client.send(new bucket.sdk.GetObjectCommand(question), { abortSignal })
        return Body instanceof Readable ? collect(Body, ContentLength) : new Uint8Array(0)
      },
      isBeyondEnd,
    )
  } catch (thrown) {
    if (isBeyondEnd(thrown)) return new Uint8Array(0)
    throw thrown
  }
}

/** Into one buffer of the size that was announced: the library would copy all of it once more. */
async function collect(body: Readable, sizeBytes: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(sizeBytes)
  let at = 0
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes.set(chunk, at)
      at += chunk.byteLength
    }
  } catch (thrown) {
    // What is no failure of the network is a checksum that does not match, or more bytes than there is room for.
    throw findErrno(thrown) === undefined ? new BrokenAnswerError(thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown }) : thrown
  }
  if (at < sizeBytes) throw new BrokenAnswerError(`${at} of ${sizeBytes} bytes came`)
  return bytes
}
