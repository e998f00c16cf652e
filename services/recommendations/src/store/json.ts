// Values of the key-value store are JSON in UTF-8.
const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function encode(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value))
}

export function decode<T>(bytes: Uint8Array): T {
  return JSON.parse(decoder.decode(bytes)) as T
}
