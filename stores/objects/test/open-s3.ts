// The driver as tests open it: without pauses between two tries, below a prefix that nobody else has, and empty again afterwards.
import { createCtx } from '@rondo/context'
import { createRandom } from '@rondo/random'
import type { Objects } from '../src/index.ts'
import { openS3Objects, type S3ObjectsOptions } from '../src/s3/s3-objects.ts'

export const ctx = createCtx()

/** The same address, with a prefix that nobody else has. */
export function below(url: string): string {
  const address = new URL(url)
  address.pathname = `${address.pathname}/objects-test-${crypto.randomUUID()}`
  return address.toString()
}

export function openS3(address: string, options: Partial<S3ObjectsOptions> = {}): Promise<Objects> {
  return openS3Objects(address, { random: createRandom('s3'), wait: () => new Promise(setImmediate), ...options })
}

export async function emptyPrefix(address: string): Promise<void> {
  const objects = await openS3(address)
  const rows = await objects.list('', { limit: 100_000 }, ctx)
  await Promise.all(rows.map(({ key }) => objects.delete(key, ctx)))
  await objects.close()
}

/** `await using store = await openBelow(url)` */
export async function openBelow(url: string, options: Partial<S3ObjectsOptions> = {}): Promise<AsyncDisposable & { objects: Objects; address: string }> {
  const address = below(url)
  const objects = await openS3(address, options)
  return {
    objects,
    address,
    async [Symbol.asyncDispose]() {
      await objects.close()
      await emptyPrefix(address)
    },
  }
}

export function text(value: string): Uint8Array {
  return Buffer.from(value)
}
