// A part of a bucket for one test, and its end.
import { createCtx } from '@rondo/context'
import { openObjects } from '../src/index.ts'

/** The same address, with a prefix that nobody else has. */
export function below(url: string): string {
  const address = new URL(url)
  address.pathname = `${address.pathname}/objects-test-${crypto.randomUUID()}`
  return address.toString()
}

export async function emptyPrefix(address: string): Promise<void> {
  const ctx = createCtx()
  const objects = await openObjects(address)
  const rows = await objects.list('', { limit: 100_000 }, ctx)
  await Promise.all(rows.map(({ key }) => objects.delete(key, ctx)))
  await objects.close()
}
