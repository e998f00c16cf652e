// An instance that no other test has: Bigtable's emulator knows no instances, and takes every name for one.

/** The address of the engine, with an instance of its own. */
export function toOwnInstance(url: string): string {
  const { host, search } = new URL(url)
  return `bigtable://${host}/test-${crypto.randomUUID().slice(0, 8)}${search}`
}
