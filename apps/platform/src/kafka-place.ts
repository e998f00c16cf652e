// Where Kafka's clients are answered: by the command line, else the environment, else the configuration; nowhere unless one of them says a port.
import type { KafkaFaceOptions } from '@rondo/events'
import type { RondoConfig } from 'rondo'
import { errors } from './errors.ts'

/** Of the configuration; those that are left out stay as they are. */
const LIMITS = ['maxConnections', 'maxConnectionsPerAddress', 'idleMs', 'patienceMs'] as const

export type KafkaAsked = {
  /** The command, for what is wrong. */
  command: string
  /** `--kafka`, and RONDO_KAFKA_PORT. */
  option: number | undefined
  variable: number | undefined
  config: RondoConfig['kafka']
  /** Where the rest is served. */
  bind: string
  /** The events room is among those that run here. */
  hasEvents: boolean
}

/** Throws USAGE for what was asked for on the command line and cannot be. */
export function findKafkaPlace({ command, option, variable, config, bind, hasEvents }: KafkaAsked): KafkaFaceOptions | undefined {
  if (option !== undefined && option > 65_535) throw errors.usage({ text: `--kafka takes 1 to 65535, not ${option}.`, command })
  if (option !== undefined && !hasEvents) throw errors.usage({ text: '--kafka is of the room "events", which does not run here.', command })
  const port = option ?? variable ?? config?.port
  if (port === undefined || !hasEvents) return undefined
  const advertised = config?.advertised === undefined ? undefined : toPlace(config.advertised)
  const limits = Object.fromEntries(LIMITS.flatMap((name) => (config?.[name] === undefined ? [] : [[name, config[name]]])))
  return { host: config?.host ?? bind, port, ...(advertised === undefined ? {} : { advertised }), limits }
}

/** "kafka.example.com:9092" */
function toPlace(text: string): { host: string; port: number } {
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) }
}
