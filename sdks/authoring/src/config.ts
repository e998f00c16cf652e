// rondo.config.ts: which stores, which rooms, which limits.

export type StoreAddresses = {
  /** `file:./dir` */
  eventLog?: string
  /** `sqlite:./dir`: each service gets a database of its own in it. `postgres://user:password@host:5432/database`: a schema of its own. */
  relational?: string
  /** `lmdb:./dir` */
  keyValue?: string
  /** `file:./dir` */
  objects?: string
  /** `duckdb:` */
  analytics?: string
}

export type WorldSize = 'off' | 'small' | 'default' | 'large'

export type RondoConfig = {
  /** The product's name, shown in the portal. */
  name: string
  /** Relative addresses are inside the data folder. */
  stores?: StoreAddresses
  /** Addresses of services that run elsewhere: `{ events: 'http://10.0.0.5:7070' }`. */
  peers?: Record<string, string>
  /** Where people open the portal when a proxy stands in front of it: 'https://rondo.example.com'. Sign-in links begin so; with https, cookies travel by https only. */
  publicUrl?: string
  /**
   * Kafka's clients find the event types as topics at this port; nowhere when left out. `host`: where the rest is served, unless told. `advertised`: "host:port" that
   * clients are told to connect to, where a proxy stands between. `maxConnections` (1,000 unless told), and `maxConnectionsPerAddress` of them from one address (500):
   * behind a proxy all come from its own. `idleMs` without a request (ten minutes) and `patienceMs` for a request to arrive, an answer to be read, or signing in (30 seconds)
   * end a connection.
   */
  kafka?: { port: number; host?: string; advertised?: string; maxConnections?: number; maxConnectionsPerAddress?: number; idleMs?: number; patienceMs?: number }
  /**
   * The collector. `allowedOrigins`: pages that may send events, "https://shop.example"; every page unless told, for write keys are public. `quotas`: how much a
   * key may send, by its name, "*" for each that is not named; `burst`, so many events at once, is ten seconds' worth unless told.
   */
  events?: { allowedOrigins?: string[]; quotas?: Record<string, { eventsPerSecond?: number; burst?: number; bytesPerDay?: number }> }
  /** Confidence account whose salt assigns units to buckets. */
  account?: string
  /** The simulated listening world that `rondo up` adds. */
  world?: WorldSize
}

export const defineConfig = (config: RondoConfig): RondoConfig => config
