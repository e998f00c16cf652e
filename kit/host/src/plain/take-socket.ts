// Takes a connection over so that what it brings is read into one buffer that all connections share: node:net makes a buffer of 64 KiB for every read, outside
// the heap of the engine, and collecting those costs more than reading.
import { Socket, type OnReadOpts } from 'node:net'

/** Node reads into a given buffer only on sockets that it connects itself; the handle of an accepted one has no public name, and is the only thing of Node's own that is used here. */
type Handled = { _handle?: { useUserBuffer?: unknown } | null }

/** The same connection as another socket; undefined when it is gone already, or this Node keeps its handle elsewhere. `onread.callback` runs at each read. */
export function takeSocket(accepted: Socket, onread: OnReadOpts): Socket | undefined {
  const handled = accepted as Handled
  const handle = handled._handle
  if (typeof handle?.useUserBuffer !== 'function') return undefined
  handled._handle = null
  const taken = new Socket({ handle, onread, allowHalfOpen: true } as ConstructorParameters<typeof Socket>[0])
  // Nothing of the connection is left in it; the server counts it no more.
  accepted.destroy()
  taken.setNoDelay(true)
  taken.read(0)
  return taken
}
