// One bucket as the driver speaks to it: bounded connections, one policy of retries, errors in the words of the store.
import type { S3Client } from '@aws-sdk/client-s3'
import type { Ctx } from '@rondo/context'
import { createLimit } from '@rondo/async'
import type { Random } from '@rondo/random'
import { errors } from '../errors.ts'
import type { S3Library } from './load-s3.ts'
import type { S3Settings } from './parse-s3-address.ts'
import { createRetry, type RetryOptions } from './retry.ts'
import { toS3Error } from './s3-errors.ts'

export type BucketOptions = Omit<RetryOptions, 'random'> & {
  random: Random
  /** A connection that has been silent for so long is given up. Default 30,000. */
  silentMs?: number
}

/** The name of an object in the bucket. */
export type Place = { Bucket: string; Key: string }

export type Bucket = {
  sdk: S3Library
  settings: S3Settings
  place(key: string): Place
  /** `work` sends requests with `client` and `abortSignal`, and may run again. Throws errors of the store, but what `keep` says is thrown as it came. */
  run<T>(key: string, ctx: Ctx, work: (call: { client: S3Client; abortSignal: AbortSignal; attempt: number }) => Promise<T>, keep?: (thrown: unknown) => boolean): Promise<T>
  /** The same with few tries that end soon, for questions whether it is there. */
  ask<T>(ctx: Ctx, work: (call: { client: S3Client; abortSignal: AbortSignal }) => Promise<T>): Promise<T>
  close(): void
}

const MAX_CONNECTIONS = 64
const CONNECT_WITHIN_MS = 5_000
/** Enough for a lost packet; an engine that is away shall be told of soon. */
const TRIES_WHEN_ASKED = 3
const ANSWERS_WITHIN_MS = 8_000

export function createBucket(sdk: S3Library, settings: S3Settings, { silentMs = 30_000, ...options }: BucketOptions): Bucket {
  const agent = { keepAlive: true, maxSockets: MAX_CONNECTIONS }
  const { endpoint, credentials } = settings
  const client = new sdk.S3Client({
    // Engines elsewhere have no regions, but the signature wants one.
    ...(settings.region === undefined && endpoint === undefined ? {} : { region: settings.region ?? 'us-east-1' }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    forcePathStyle: settings.pathStyle,
    // Ours tries again, and knows what a second try may find.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_WITHIN_MS, socketTimeout: silentMs, httpAgent: agent, httpsAgent: agent },
  })
  const limit = createLimit(MAX_CONNECTIONS)
  const retry = createRetry(options)
  const retryBriefly = createRetry({ ...options, tries: TRIES_WHEN_ASKED })
  let isClosed = false
  const toError = (thrown: unknown, key: string): unknown => (isClosed ? errors.closed({}) : toS3Error(thrown, key, settings))
  return {
    sdk,
    settings,
    place: (key) => ({ Bucket: settings.bucket, Key: settings.prefix + key }),
    async run(key, ctx, work, keep = () => false) {
      try {
        return await retry(ctx, (attempt) => limit(() => work({ client, abortSignal: ctx.signal, attempt })))
      } catch (thrown) {
        throw keep(thrown) ? thrown : toError(thrown, key)
      }
    },
    async ask(ctx, work) {
      const within = AbortSignal.timeout(ANSWERS_WITHIN_MS)
      const signal = AbortSignal.any([ctx.signal, within])
      try {
        return await retryBriefly({ ...ctx, signal }, () => work({ client, abortSignal: signal }))
      } catch (thrown) {
        if (within.aborted && !ctx.signal.aborted) throw errors.unreachable({ shown: settings.shown, reason: `no answer within ${ANSWERS_WITHIN_MS} ms` }, thrown)
        throw toError(thrown, '')
      }
    },
    close() {
      isClosed = true
      client.destroy()
    },
  }
}
