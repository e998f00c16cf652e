// Objects in a bucket of S3, or of what speaks like it.
import { createCtx, throwIfCancelled, type Ctx } from '@rondo/context'
import { checkKey, checkLimit, checkPrefix, checkRange, isKey } from '../check-key.ts'
import { errors } from '../errors.ts'
import type { ObjectInfo, Objects } from '../port.ts'
import { createBucket, type BucketOptions } from './bucket.ts'
import { askBucket, checkBucket } from './check-bucket.ts'
import { listObjects, toVersion, toWholeSecond } from './list-objects.ts'
import { loadS3 } from './load-s3.ts'
import { parseS3Address } from './parse-s3-address.ts'
import { readObject } from './read-object.ts'
import { isMissing } from './s3-errors.ts'
import { openStages } from './stage-object.ts'
import { createWriteObject } from './write-object.ts'

export type S3ObjectsOptions = BucketOptions & {
  /** Where engines write what is staged, before it is uploaded. Default: among its temporary folders. */
  stagingFolder?: string
}

const DEFAULT_LIMIT = 1_000

/** Throws `BAD_STORE_ADDRESS`, `PACKAGE_MISSING`, `OBJECTS_UNREACHABLE`, `LOGIN_REFUSED`, `BUCKET_MISSING`, `WRONG_REGION`, `OBJECTS_TOO_OLD`. */
export async function openS3Objects(address: string, options: S3ObjectsOptions): Promise<Objects> {
  const settings = parseS3Address(address)
  const bucket = createBucket(await loadS3(), settings, options)
  try {
    await checkBucket(bucket, createCtx())
  } catch (thrown) {
    bucket.close()
    throw thrown
  }
  const stages = await openStages(options.stagingFolder)
  const writeObject = createWriteObject(bucket)
  const root = `s3://${settings.bucket}/${settings.prefix}`
  let isClosed = false

  const enter = (ctx: Ctx): void => {
    throwIfCancelled(ctx)
    if (isClosed) throw errors.closed({})
  }
  const find = async (key: string, ctx: Ctx): Promise<ObjectInfo | undefined> => {
    try {
      const head = await bucket.run(key, ctx, ({ client, abortSignal }) => client.send(new bucket.sdk.HeadObjectCommand(bucket.place(key)), { abortSignal }), isMissing)
      return { key, sizeBytes: head.ContentLength ?? 0, modifiedMs: toWholeSecond(head.LastModified), version: toVersion(head.ETag ?? '') }
    } catch (thrown) {
      if (isMissing(thrown)) return undefined
      throw thrown
    }
  }

  return {
    capabilities: { isLocal: false },

    async put(key, bytes, { ifAbsent = false }, ctx) {
      enter(ctx)
      checkKey(key)
      return writeObject(key, { sizeBytes: bytes.byteLength, lend: (start, end, work) => work(bytes.subarray(start, end)) }, ifAbsent, ctx)
    },

    async get(key, { range }, ctx) {
      enter(ctx)
      checkKey(key)
      checkRange(key, range)
      if (range === undefined || range.end > range.start) return readObject(bucket, key, range, ctx)
      if (!(await find(key, ctx))) throw errors.notFound({ key })
      return new Uint8Array(0)
    },

    async find(key, ctx) {
      enter(ctx)
      checkKey(key)
      return find(key, ctx)
    },

    async list(prefix, { after = '', limit = DEFAULT_LIMIT }, ctx) {
      enter(ctx)
      checkPrefix(prefix)
      checkPrefix(after)
      checkLimit(limit)
      return listObjects(bucket, prefix, after, limit, ctx)
    },

    async delete(key, ctx) {
      enter(ctx)
      checkKey(key)
      await bucket.run(key, ctx, ({ client, abortSignal }) => client.send(new bucket.sdk.DeleteObjectCommand(bucket.place(key)), { abortSignal }), isMissing).catch((thrown: unknown) => {
        if (!isMissing(thrown)) throw thrown
      })
    },

    locate(key) {
      checkKey(key)
      return root + key
    },

    findKey(location) {
      const key = location.slice(root.length)
      return location.startsWith(root) && isKey(key) ? key : undefined
    },

    async stage(key, ctx) {
      enter(ctx)
      checkKey(key)
      return stages.stage(key, async (source) => {
        enter(ctx)
        await writeObject(key, source, false, ctx)
        return (await find(key, ctx)) ?? { key, sizeBytes: source.sizeBytes, modifiedMs: 0, version: '' }
      })
    },

    async ready(ctx) {
      enter(ctx)
      await askBucket(bucket, ctx)
    },

    async close() {
      if (isClosed) return
      isClosed = true
      bucket.close()
      await stages.close()
    },
  }
}
