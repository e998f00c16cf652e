// What must hold before a bucket is used, asked once at the opening: it answers, lets us in, is there, and writes once what is to be written once.
import type { Ctx } from '@rondo/context'
import { errors } from '../errors.ts'
import type { Bucket, Place } from './bucket.ts'
import { isPreconditionFailed } from './s3-errors.ts'

/** Throws `OBJECTS_UNREACHABLE`, `LOGIN_REFUSED`, `BUCKET_MISSING`, `WRONG_REGION`, `OBJECTS_TOO_OLD`. */
export async function checkBucket(bucket: Bucket, ctx: Ctx): Promise<void> {
  await askBucket(bucket, ctx)
  // Not a key: no caller sees it. One of its own for each opening, so that no other takes it away between the two.
  const probe = bucket.place(`.rondo-probe-${crypto.randomUUID()}`)
  const isWritten = await putOnce(bucket, probe, ctx)
  const isWrittenAgain = await putOnce(bucket, probe, ctx)
  await bucket.ask(ctx, ({ client, abortSignal }) => client.send(new bucket.sdk.DeleteObjectCommand(probe), { abortSignal }))
  if (isWritten && isWrittenAgain) throw errors.unconditional({ shown: bucket.settings.shown })
}

/** A listing and not a HEAD, because its refusal says why. */
export async function askBucket(bucket: Bucket, ctx: Ctx): Promise<void> {
  const { bucket: Bucket, prefix: Prefix } = bucket.settings
  await bucket.ask(ctx, ({ client, abortSignal }) => client.send(new bucket.sdk.ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 1 }), { abortSignal }))
}

async function putOnce(bucket: Bucket, place: Place, ctx: Ctx): Promise<boolean> {
  return bucket.ask(ctx, async ({ client, abortSignal }) => {
    try {
      await client.send(new bucket.sdk.PutObjectCommand({ ...place, Body: new Uint8Array(0), IfNoneMatch: '*' }), { abortSignal })
      return true
    } catch (thrown) {
      if (isPreconditionFailed(thrown)) return false
      throw thrown
    }
  })
}
