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
  /** Confidence account whose salt assigns units to buckets. */
  account?: string
  /** The simulated listening world that `rondo up` adds. */
  world?: WorldSize
}

export const defineConfig = (config: RondoConfig): RondoConfig => config
