// The head of a plain request: a POST to a known path, with each header once and a body of told length. Every other head is node:http's to read: this may say
// "not plain", never yes to what node:http would refuse or read otherwise.

/** Longer ones are not plain. */
const MAX_HEAD_BYTES = 8192
const METHOD = Buffer.from('POST ')
const HEAD_END = Buffer.from('\r\n\r\n')
const NAME = /^[a-z0-9-]+$/
const LENGTH = /^(?:0|[1-9]\d{0,9})$/
/** What changes how a request is read, or who reads it. */
const SPECIAL = new Set(['transfer-encoding', 'expect', 'upgrade', 'trailer', 'te', 'http2-settings', 'proxy-connection'])

export type PlainHead = { url: string; path: string; headers: Record<string, string | undefined>; /** With the empty line. */ headBytes: number; bodyBytes: number }

/** The head that begins at byte 0; undefined when it is not plain or not whole. */
export function readPlainHead(bytes: Buffer): PlainHead | undefined {
  if (bytes.length < METHOD.length || bytes.compare(METHOD, 0, METHOD.length, 0, METHOD.length) !== 0) return undefined
  const stop = bytes.subarray(0, MAX_HEAD_BYTES).indexOf(HEAD_END)
  if (stop < 0) return undefined
  const text = bytes.toString('latin1', 0, stop)
  if (/[^\x20-\x7e\r\n]/.test(text)) return undefined
  const lines = text.split('\r\n')
  const [, url, version] = (lines[0] as string).split(' ')
  if (version !== 'HTTP/1.1' || !(lines[0] as string).endsWith(' HTTP/1.1') || url === undefined || !url.startsWith('/')) return undefined
  // Without a prototype, as a header may be called "constructor".
  const headers = Object.create(null) as PlainHead['headers']
  for (let i = 1; i < lines.length; i += 1) {
    const line = lines[i] as string
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).toLowerCase()
    if (!NAME.test(name) || SPECIAL.has(name) || headers[name] !== undefined || line.includes('\r') || line.includes('\n')) return undefined
    headers[name] = line.slice(colon + 1).trim()
  }
  const length = headers['content-length']
  if (headers['host'] === undefined || length === undefined || !LENGTH.test(length)) return undefined
  if ((headers['connection'] ?? 'keep-alive').toLowerCase() !== 'keep-alive') return undefined
  const cut = url.indexOf('?')
  return { url, path: cut < 0 ? url : url.slice(0, cut), headers, headBytes: stop + HEAD_END.length, bodyBytes: Number(length) }
}
