// What a group of clients is called in the log.

const LONGEST = 200

/** Undefined for a name that the log does not take: it wants letters, digits, ".", "_" and "-". */
export function toLogGroup(prefix: string, group: string): string | undefined {
  return /^[A-Za-z0-9._-]+$/.test(group) && prefix.length + group.length <= LONGEST ? prefix + group : undefined
}
