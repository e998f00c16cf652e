// Structured logs: one JSON object a line, to a file or to standard error.
import type { Log } from '@rondo/contract'
import { pino, type LevelWithSilent } from 'pino'

export type LogOptions = { level?: LevelWithSilent; /** Standard error when left out. */ file?: string; name?: string }

export function createLog(options: LogOptions = {}): Log {
  const destination = pino.destination(options.file === undefined ? { dest: 2, sync: true } : { dest: options.file, mkdir: true, sync: false })
  const logger = pino({ level: options.level ?? 'info', base: options.name === undefined ? null : { name: options.name } }, destination)
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  }
}

export function createSilentLog(): Log {
  const nothing = (): void => {}
  return { debug: nothing, info: nothing, warn: nothing, error: nothing }
}
