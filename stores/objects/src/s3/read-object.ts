// Reads an object, whole or in part, into one buffer, and checks what arrived.
import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import type { Ctx } from '@rondo/context'
import type { Bucket } from './bucket.ts'
import { BrokenAnswerError, isBeyondEnd } from './s3-errors.ts'

/** `range` is half-open and not empty; beyond the end there is nothing. Throws `OBJECT_NOT_FOUND`. */
export async function readObject(bucket: Bucket, key: string, range: { start: number; end: number } | undefined, ctx: Ctx): Promise<Uint8Array> {
  try {
    return await bucket.run(
      key,
      ctx,
      async ({ client, abortSignal }) => {
        const command = new bucket.sdk.GetObjectCommand({ ...bucket.place(key), ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end - 1}` }) })
        // Asks for the checksum without the library's own check, which would cost as much again as the reading.
        command.middlewareStack.add((next) => (args) => {
          const { headers } = args.request as { headers: Record<string, string> }
          headers['x-amz-checksum-mode'] = 'ENABLED'
          return next(args)
        }, { step: 'build', name: 'askForChecksum' })
        const answer = await client.send(command, { abortSignal })
        const bytes = await collect(answer.Body, answer.ContentLength ?? 0)
        if (range === undefined) checkBytes(key, bytes, answer.ChecksumCRC32)
        return bytes
      },
      isBeyondEnd,
    )
  } catch (thrown) {
    if (isBeyondEnd(thrown)) return new Uint8Array(0)
    throw thrown
  }
}

async function collect(body: unknown, sizeBytes: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(sizeBytes)
  let at = 0
  if (body instanceof Readable) {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      if (at + chunk.byteLength > sizeBytes) throw new BrokenAnswerError(`more than the ${sizeBytes} bytes that were announced came`)
      bytes.set(chunk, at)
      at += chunk.byteLength
    }
  }
  if (at < sizeBytes) throw new BrokenAnswerError(`${at} of ${sizeBytes} bytes came`)
  return bytes
}

/** A checksum with a "-" is one of the checksums of parts: it says nothing of the whole. */
function checkBytes(key: string, bytes: Uint8Array, checksum: string | undefined): void {
  if (checksum === undefined || checksum.includes('-')) return
  const found = Buffer.alloc(4)
  found.writeUInt32BE(crc32(bytes))
  if (found.toString('base64') !== checksum) throw new BrokenAnswerError(`the bytes of "${key}" have the checksum ${found.toString('base64')}, not ${checksum}`)
}
