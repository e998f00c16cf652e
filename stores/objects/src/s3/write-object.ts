// Writes an object, in one request or in parts, and knows afterwards whether it was written, also when an answer was lost.
//
// A first try may have been carried out without our hearing of it; the second then finds the key taken (412) or the upload gone (404).
// Therefore every conditional or multipart put carries a mark of its own in the object's metadata, and whoever finds the key taken after a lost
// answer looks whose mark it bears. Equal bytes would not do: two processes may claim a key with the same bytes, and only one may win.
import type { CompletedPart } from '@aws-sdk/client-s3'
import { createLimit, type Limit } from '@rondo/async'
import type { Ctx } from '@rondo/context'
import type { Bucket } from './bucket.ts'
import { isConflict, isMissing, isPreconditionFailed, isUploadGone, toS3Error } from './s3-errors.ts'

/** Bytes by position, lent to `work` for as long as it runs. */
export type Source = { sizeBytes: number; lend<T>(start: number, end: number, work: (bytes: Uint8Array) => Promise<T>): Promise<T> }

const MARK = 'rondo-put'
/** Up to here one request is cheaper than three. */
const SINGLE_UP_TO_BYTES = 16 * 2 ** 20
export const PART_BYTES = 8 * 2 ** 20
const MOST_PARTS = 10_000
/** Parts of all uploads that are in memory at once. */
export const PARTS_AT_ONCE = 4
/** When two decide about one key at the same time, S3 wants the parts anew. */
const UPLOADS_AT_MOST = 3

export type WriteObject = (key: string, source: Source, ifAbsent: boolean, ctx: Ctx) => Promise<boolean>

/** Resolves when the object is durable; false, and nothing changed, when `ifAbsent` and the key is taken. */
export function createWriteObject(bucket: Bucket): WriteObject {
  const parts = createLimit(PARTS_AT_ONCE)
  return async (key, source, ifAbsent, ctx) => {
    const mark = crypto.randomUUID()
    if (source.sizeBytes <= SINGLE_UP_TO_BYTES) return source.lend(0, source.sizeBytes, (bytes) => putWhole(bucket, key, bytes, ifAbsent, mark, ctx))
    for (let upload = 1; ; upload += 1) {
      try {
        return await putInParts(bucket, key, source, ifAbsent, mark, parts, ctx)
      } catch (thrown) {
        if (!isConflict(thrown) || upload === UPLOADS_AT_MOST) throw toS3Error(thrown, key, bucket.settings)
      }
    }
  }
}

async function putWhole(bucket: Bucket, key: string, bytes: Uint8Array, ifAbsent: boolean, mark: string, ctx: Ctx): Promise<boolean> {
  const condition = ifAbsent ? { IfNoneMatch: '*', Metadata: { [MARK]: mark } } : {}
  try {
    await runMarked(bucket, key, mark, ctx, ({ client, abortSignal }) => client.send(new bucket.sdk.PutObjectCommand({ ...bucket.place(key), Body: bytes, ...condition }), { abortSignal }))
    return true
  } catch (thrown) {
    if (ifAbsent && isPreconditionFailed(thrown)) return false
    throw toS3Error(thrown, key, bucket.settings)
  }
}

async function putInParts(bucket: Bucket, key: string, source: Source, ifAbsent: boolean, mark: string, limit: Limit, ctx: Ctx): Promise<boolean> {
  const { sdk } = bucket
  const { UploadId } = await bucket.run(key, ctx, ({ client, abortSignal }) =>
    client.send(new sdk.CreateMultipartUploadCommand({ ...bucket.place(key), Metadata: { [MARK]: mark }, ChecksumAlgorithm: 'CRC32' }), { abortSignal }),
  )
  const upload = { ...bucket.place(key), UploadId }
  try {
    const Parts = await uploadParts(bucket, key, upload, source, limit, ctx)
    const condition = ifAbsent ? { IfNoneMatch: '*' } : {}
    await runMarked(bucket, key, mark, ctx, ({ client, abortSignal }) => client.send(new sdk.CompleteMultipartUploadCommand({ ...upload, ...condition, MultipartUpload: { Parts } }), { abortSignal }))
    return true
  } catch (thrown) {
    await abort(bucket, key, upload, ctx)
    if (ifAbsent && isPreconditionFailed(thrown)) return false
    throw thrown
  }
}

/** The request that makes the object. Found taken or gone by a second try, it is looked whether the first one did it; what it was not is thrown as it came. */
async function runMarked(bucket: Bucket, key: string, mark: string, ctx: Ctx, send: Parameters<typeof bucket.run>[2]): Promise<void> {
  let isSecond = false
  const mayBeDone = (thrown: unknown): boolean => isPreconditionFailed(thrown) || isUploadGone(thrown)
  try {
    await bucket.run(
      key,
      ctx,
      (call) => {
        isSecond = call.attempt > 1
        return send(call)
      },
      (thrown) => mayBeDone(thrown) || isConflict(thrown),
    )
  } catch (thrown) {
    if (!isSecond || !mayBeDone(thrown) || !(await bearsMark(bucket, key, mark, ctx))) throw thrown
  }
}

/** The first part that fails ends them all. */
async function uploadParts(bucket: Bucket, key: string, upload: { Bucket: string; Key: string; UploadId: string | undefined }, source: Source, limit: Limit, ctx: Ctx): Promise<CompletedPart[]> {
  const partBytes = Math.max(PART_BYTES, Math.ceil(source.sizeBytes / MOST_PARTS))
  const failing = new AbortController()
  const own = { ...ctx, signal: AbortSignal.any([ctx.signal, failing.signal]) }
  const numbers = Array.from({ length: Math.ceil(source.sizeBytes / partBytes) }, (_, index) => index + 1)
  const sent = numbers.map((PartNumber) =>
    limit(async (): Promise<CompletedPart> => {
      own.signal.throwIfAborted()
      const { ETag, ChecksumCRC32 } = await source.lend((PartNumber - 1) * partBytes, Math.min(source.sizeBytes, PartNumber * partBytes), (Body) =>
        bucket.run(key, own, ({ client, abortSignal }) => client.send(new bucket.sdk.UploadPartCommand({ ...upload, PartNumber, Body, ChecksumAlgorithm: 'CRC32' }), { abortSignal })),
      )
      return { PartNumber, ETag, ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }) }
    }).catch((thrown: unknown) => {
      failing.abort(thrown)
      throw thrown
    }),
  )
  try {
    return await Promise.all(sent)
  } catch (thrown) {
    // None may still be on its way when the upload is aborted.
    await Promise.allSettled(sent)
    throw failing.signal.aborted ? failing.signal.reason : thrown
  }
}

/** What is left of an upload costs money until somebody ends it; that this was tried is all that can be done here. */
async function abort(bucket: Bucket, key: string, upload: { Bucket: string; Key: string; UploadId: string | undefined }, ctx: Ctx): Promise<void> {
  const own = ctx.signal.aborted ? { ...ctx, signal: AbortSignal.timeout(10_000) } : ctx
  await bucket.run(key, own, ({ client, abortSignal }) => client.send(new bucket.sdk.AbortMultipartUploadCommand(upload), { abortSignal })).catch(() => undefined)
}

async function bearsMark(bucket: Bucket, key: string, mark: string, ctx: Ctx): Promise<boolean> {
  try {
    const { Metadata } = await bucket.run(key, ctx, ({ client, abortSignal }) => client.send(new bucket.sdk.HeadObjectCommand(bucket.place(key)), { abortSignal }), isMissing)
    return Metadata?.[MARK] === mark
  } catch (thrown) {
    if (isMissing(thrown)) return false
    throw thrown
  }
}
