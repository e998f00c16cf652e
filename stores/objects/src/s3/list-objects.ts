// Keys in order, page by page of at most a thousand, as S3 gives them.
import type { Ctx } from '@rondo/context'
import { isKey } from '../check-key.ts'
import type { ObjectInfo } from '../port.ts'
import type { Bucket } from './bucket.ts'

const PAGE_AT_MOST = 1_000

export async function listObjects(bucket: Bucket, prefix: string, after: string, limit: number, ctx: Ctx): Promise<ObjectInfo[]> {
  const { prefix: root } = bucket.settings
  const rows: ObjectInfo[] = []
  for (let from = after; ; ) {
    const question = { Bucket: bucket.settings.bucket, Prefix: root + prefix, MaxKeys: Math.min(PAGE_AT_MOST, limit - rows.length), ...(from === '' ? {} : { StartAfter: root + from }) }
    // By the last key and not by a token: an answer that is lost can be asked for again at any engine.
    const page = await bucket.run(prefix, ctx, ({ client, abortSignal }) => client.send(new bucket.sdk.ListObjectsV2Command(question), { abortSignal }))
    for (const { Key = '', Size = 0, LastModified, ETag = '' } of page.Contents ?? []) {
      from = Key.slice(root.length)
      // Others may keep what is no key of ours in the same bucket, and so does the driver.
      if (isKey(from)) rows.push({ key: from, sizeBytes: Size, modifiedMs: toWholeSecond(LastModified), version: toVersion(ETag) })
    }
    if (rows.length >= limit || page.IsTruncated !== true || (page.Contents ?? []).length === 0) return rows
  }
}

export function toVersion(etag: string): string {
  return etag.replaceAll('"', '')
}

/** Some engines list to the millisecond, but headers of HTTP know seconds: an object has one time. */
export function toWholeSecond(date: Date | undefined): number {
  return Math.floor((date?.getTime() ?? 0) / 1000) * 1000
}
