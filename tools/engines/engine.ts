// What an engine is to this tool: how it is installed, prepared, started, reached and stopped.
import type { Installer } from './install/installer.ts'

export const engineNames = ['kafka', 'postgres', 's3', 'cassandra', 'pubsub', 'bigtable', 'nats'] as const
export type EngineName = (typeof engineNames)[number]

export function isEngineName(name: string): name is EngineName {
  return engineNames.some((known) => known === name)
}

/** What a server shows: its certificate and its key as PEM, and the file of the authority that its clients trust. */
export type ServerCertificate = { certificate: string; key: string; authorityFile: string }

/** Where one engine of one set lives. Paths are absolute. */
export type Place = {
  /** What was installed: a folder of the cache, or the folder of the system's own programs. */
  software: string
  /** Everything this engine writes; clients of another set have another folder. */
  folder: string
  /** As many as the engine names; the first is the one clients use. Loopback only. */
  ports: number[]
  /** Clients must speak TLS to it; engines that do not know it leave it out. */
  tls?: ServerCertificate
}

export type Command = {
  program: string
  args: string[]
  env?: Record<string, string>
}

export type Engine = {
  name: EngineName
  version: string
  /** Default ports; the first is the one clients use. */
  ports: number[]
  /**
   * Positions in `ports` for a proxy between clients and an engine that tells them its address: where the proxy goes on to, and where it must
   * listen. Absent: a proxy goes to the clients' port and listens anywhere.
   */
  proxy?: { target: number; listen: number }
  /** The software's folder; installs what is missing. */
  install: (installer: Installer) => Promise<string>
  /** Makes the data folder and settings; called before every start, also over data that is there. */
  prepare: (place: Place) => Promise<void>
  command: (place: Place) => Command
  /** False or a failure means: not yet. */
  isReady: (place: Place) => Promise<boolean>
  /** Makes what the address names (a database, a bucket, a keyspace) when it is not there yet. */
  complete?: (place: Place) => Promise<void>
  /** The version that really runs, where the system chose it. */
  readVersion?: (place: Place) => Promise<string>
  /** The address as the stores of the house take it. */
  url: (place: Place) => string
  /** What client libraries want in their environment besides. */
  env?: (place: Place) => Record<string, string>
  /** Which signal asks for a clean end, SIGTERM when absent. */
  stopSignal?: NodeJS.Signals
  /** Whom to run as when this process is root. */
  rootRunsAs?: string
  readyWithinMs: number
  stopWithinMs: number
}

export const host = '127.0.0.1'

/** The one that clients use. */
export function clientPort(place: Place): number {
  const [port] = place.ports
  if (port === undefined) throw new Error(`The engine in ${place.folder} has no port.`)
  return port
}

/** The port after it, and so on: brokers talk to themselves too. */
export function innerPort(place: Place, at: number): number {
  const port = place.ports[at]
  if (port === undefined) throw new Error(`The engine in ${place.folder} has no port number ${at}.`)
  return port
}
