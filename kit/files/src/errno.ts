// What the operating system said, read from anything thrown.

/** The errno name, e.g. "ENOSPC"; undefined when the error is of another origin. */
export function findErrno(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}

/** The disk or the quota is used up: space may come back. */
export function isStorageFull(thrown: unknown): boolean {
  const code = findErrno(thrown)
  return code === 'ENOSPC' || code === 'EDQUOT'
}
