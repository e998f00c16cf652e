// Whether a server can listen at an address, found out before there is one: what a start makes and shows only once is not made for nothing.
import { createServer } from 'node:net'
import type { AppError } from '@rondo/errors'
import { errors } from './errors.ts'

/** Listens for a moment. Throws PORT_IN_USE, or CANNOT_LISTEN for an address that this machine has not or may not open. */
export async function tryListen(at: { host: string; port: number }): Promise<void> {
  const server = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (cause) => reject(toListenError(cause, at) ?? cause))
  server.listen({ ...at, exclusive: true }, () => server.close(() => resolve()))
  return promise
}

/** What the system says about an address, in words; undefined for what is no fault of the address. */
export function toListenError(cause: unknown, { host, port }: { host: string; port: number }): AppError | undefined {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code === 'EADDRINUSE') return errors.portInUse({ host, port }, cause)
  return ['ENOTFOUND', 'EADDRNOTAVAIL', 'EACCES'].includes(code) ? errors.cannotListen({ host, port, reason: code }, cause) : undefined
}
