// What the client library opens is known one by one, so that closing ends all of it, whatever is under way.
//
// Left to itself, the library (4.10.0) keeps a process for ever when it is shut down (or fails to connect) at the wrong moment:
//  - a control connection that is being made while it shuts down, and the node that is made for it, are opened after the shutdown has gone through its list;
//  - a control connection whose first questions fail is forgotten open;
//  - nodes that were replaced, as all are when all were lost, go on connecting. Each is ended once nothing can be under way with it any more, or at the end. (Its own
//    draining would begin to connect again; at once, requests would wait for their timeout.)
//  - after each such loss, twice as many rounds look for a control connection.
// The names below are the library's inner ones: its version is pinned, and test/cassandra-closing.test.ts tells when they change.
import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { Client, Host } from 'cassandra-driver'
import { createUntilCancelled } from '../engine/until-cancelled.ts'

type Connection = {
  netClient?: Socket
  writeQueue?: { setWriteError(failed: Error): void }
  open(callback: (failed?: Error) => void): void
  openAsync(): Promise<void>
  close(): void
}
type Pool = { connections: Connection[]; isClosing(): boolean; _createConnection(): Connection }
type OpenedHost = Host & { pool: Pool; shutdown(waitForPending: boolean): Promise<void>; setDistance(distance: number): number; _healthResponseCountTimer: NodeJS.Timeout | null }
type Control = {
  hosts: EventEmitter
  host: OpenedHost | null
  connection: Connection | null
  shutdown(): void
  _createConnection(contactPoint: string): Promise<Connection>
  _refresh(hosts?: unknown): Promise<void>
}
type OpenedClient = Client & { controlConnection: Control; options: unknown }

/** `cassandra-driver/lib/connection.js` */
export type ConnectionClass = new (endpoint: string, protocolVersion: null, options: unknown) => Connection

/** Given a client that has not connected yet; what comes back ends it, at once. */
export function prepareEnd(given: Client, Connection: ConnectionClass, { timeoutMs, connectMs }: { timeoutMs: number; connectMs: number }): () => Promise<void> {
  const client = given as OpenedClient
  const control = client.controlConnection
  const hosts = new Set<OpenedHost>()
  const replaced = new Map<OpenedHost, NodeJS.Timeout>()
  const connections = new Set<Connection>()
  const untilCancelled = createUntilCancelled()
  let ended = false

  const know = (connection: Connection): Connection => {
    const { open } = connection
    // It opens itself again when the server speaks an older version of the protocol.
    connection.open = (callback) => (ended ? callback(new Error('Connection closed')) : open.call(connection, callback))
    connections.add(connection)
    return connection
  }
  const endConnection = (connection: Connection): void => {
    connection.close()
    // What waits to be written would wait for its timeout, and so would what comes later.
    connection.writeQueue?.setWriteError(new Error('Connection closed'))
    connection.netClient?.destroy()
    connections.delete(connection)
  }
  const endHost = (host: OpenedHost): void => {
    clearTimeout(replaced.get(host))
    replaced.delete(host)
    hosts.delete(host)
    void host.shutdown(false).catch(() => undefined)
    host.pool.connections.forEach(endConnection)
    host.pool.isClosing = () => true
    host.setDistance = (distance) => distance
    clearInterval(host._healthResponseCountTimer ?? undefined)
  }

  const makeConnection = (make: () => Connection): Connection => {
    if (ended) throw new Error('Connection closed')
    connections.forEach((connection) => connection.netClient?.destroyed === true && connections.delete(connection))
    return know(make())
  }

  control.hosts.on('add', (host: OpenedHost) => {
    if (ended) return endHost(host)
    hosts.add(host)
    const { pool } = host
    const create = pool._createConnection
    pool._createConnection = () => makeConnection(() => create.call(pool))
  })
  control.hosts.on('remove', (host: OpenedHost) => {
    if (!ended) replaced.set(host, setTimeout(() => endHost(host), 2 * timeoutMs).unref())
  })
  let last: Connection | undefined
  control._createConnection = async (contactPoint) => {
    // Of use was the last one if it has become part of a node's pool.
    if (last !== undefined && ![...hosts].some(({ pool }) => last !== undefined && pool.connections.includes(last))) endConnection(last)
    const connection = makeConnection(() => new Connection(contactPoint, null, client.options))
    last = connection
    try {
      await untilCancelled(connection.openAsync(), AbortSignal.timeout(connectMs))
    } catch (thrown) {
      endConnection(connection)
      throw thrown
    }
    return connection
  }
  refreshOnce(control)

  return async () => {
    ended = true
    const shutDown = client.shutdown()
    control.shutdown()
    hosts.forEach(endHost)
    connections.forEach(endConnection)
    await shutDown
  }
}

/** One round at a time looks for a control connection, and none while there is one. */
function refreshOnce(control: Control): void {
  const refresh = control._refresh
  let isRefreshing = false
  const isThere = (): boolean => control.host !== null && control.connection !== null && control.host.isUp() && control.host.pool.connections.includes(control.connection)
  control._refresh = async (hosts) => {
    // With the rest of a list of nodes it is the same round, going on.
    if (hosts !== undefined) return refresh.call(control, hosts)
    if (isRefreshing || isThere()) return
    isRefreshing = true
    try {
      await refresh.call(control)
    } finally {
      isRefreshing = false
    }
  }
}
