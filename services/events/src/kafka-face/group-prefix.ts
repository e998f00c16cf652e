// Groups of Kafka's clients among those of the log, and among the readers of a type.

/** Before their names in the log. */
export const GROUP_PREFIX = 'kafka.'

const READER_PREFIX = 'kafka:'

/** What a group of the log is called among readers. */
export function toReaderName(logGroup: string): string {
  return READER_PREFIX + logGroup.slice(GROUP_PREFIX.length)
}

/** Undefined for the name of another reader. */
export function findGroup(reader: string): string | undefined {
  return reader.startsWith(READER_PREFIX) ? reader.slice(READER_PREFIX.length) : undefined
}
