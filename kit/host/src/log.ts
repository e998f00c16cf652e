// Structured logs: one JSON object a line, to a file or to standard error.
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Log } from '@rondo/contract'
import { pino, type LevelWithSilent } from 'pino'

export type LogOptions = {
  level?: LevelWithSilent
  /** Standard error when left out. */
  file?: string
  /** Size at which `file` becomes `file.1` and a new one begins; the one before goes. */
  turnAtBytes?: number
  name?: string
}

const TURN_AT_BYTES = 32 * 1024 * 1024

export function createLog(options: LogOptions = {}): Log {
  const destination = options.file === undefined ? openStandardError() : openFile(options.file, options.turnAtBytes ?? TURN_AT_BYTES)
  const logger = pino({ level: options.level ?? 'info', base: options.name === undefined ? null : { name: options.name } }, destination)
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  }
}

/** A disk that is full takes no more lines, and stops nothing else: what cannot be written is left out. */
function openFile(file: string, turnAtBytes: number): { write(line: string): void } {
  mkdirSync(dirname(file), { recursive: true })
  let fd = openSync(file, 'a')
  let sizeBytes = fstatSync(fd).size
  let torn = false
  const turn = (): void => {
    renameSync(file, `${file}.1`)
    const next = openSync(file, 'a')
    closeSync(fd)
    fd = next
    sizeBytes = 0
    torn = false
  }
  return {
    write(line) {
      try {
        if (sizeBytes >= turnAtBytes) turn()
        const bytes = Buffer.from(torn ? `\n${line}` : line)
        const written = writeSync(fd, bytes)
        sizeBytes += written
        torn = written < bytes.length
      } catch {
        // The next line is tried again.
      }
    },
  }
}

function openStandardError(): ReturnType<typeof pino.destination> {
  const destination = pino.destination({ dest: 2, sync: true })
  destination.on('error', () => {})
  return destination
}

export function createSilentLog(): Log {
  const nothing = (): void => {}
  return { debug: nothing, info: nothing, warn: nothing, error: nothing }
}
