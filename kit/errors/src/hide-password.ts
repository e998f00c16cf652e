// Addresses as they may be shown: messages and logs are read by many.

/** "kafka://ann:…@host:9092" of "kafka://ann:secret@host:9092"; what has no password stays as it is. The user may be seen. */
export function hidePassword(address: string): string {
  // Up to the last "@": a password that is not encoded may hold one itself.
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:/@?]*):.*@/i, '$1:…@')
}
