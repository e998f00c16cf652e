// From "s3://key:secret@host:port/bucket/prefix?…" or "s3://bucket/prefix?…" to what the client library wants.
import { hidePassword } from '@rondo/errors'
import { isKey } from '../check-key.ts'
import { errors } from '../errors.ts'

export type S3Settings = {
  /** The address without its secret, for messages. */
  shown: string
  bucket: string
  /** Empty, or ending with "/". */
  prefix: string
  /** Undefined: what the environment or the files of AWS say, else us-east-1. */
  region: string | undefined
  /** Undefined: what the environment says (AWS_ENDPOINT_URL_S3), else AWS. */
  endpoint: string | undefined
  /** Undefined: the usual chain of AWS: environment, files, role of the machine. */
  credentials: { accessKeyId: string; secretAccessKey: string } | undefined
  /** The bucket as first segment of the path, not as part of the host's name. */
  pathStyle: boolean
}

const PARAMETERS = ['region', 'tls', 'endpoint', 'pathStyle']

/**
 * With a key or a port before the first "/", that is the host of an engine and the bucket comes behind it; otherwise it is the bucket, at AWS or at `endpoint`.
 * Throws `BAD_STORE_ADDRESS`.
 */
export function parseS3Address(address: string): S3Settings {
  const url = URL.parse(address)
  if (url === null || url.protocol !== 's3:' || url.hostname === '') throw errors.badAddress({ address: hidePassword(address), reason: 'it cannot be read' })
  const shown = hidePassword(address)
  const fail = (reason: string): never => {
    throw errors.badAddress({ address: shown, reason })
  }
  for (const parameter of url.searchParams.keys()) if (!PARAMETERS.includes(parameter)) fail(`it has no parameter "${parameter}", but ${PARAMETERS.join(', ')}`)
  if ((url.username === '') !== (url.password === '')) fail('it has a key without a secret; write both, or none for the usual credentials of AWS')
  const isHost = url.username !== '' || url.port !== ''
  const path = decode(url.pathname, fail).split('/').filter((segment) => segment !== '')
  const bucket = (isHost ? path.shift() : decode(url.hostname, fail)) ?? ''
  // What S3 lets a bucket be called: no underscores, no capitals.
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) fail(bucket === '' ? 'it has no bucket behind its host' : `"${bucket}" is no name of a bucket: 3 to 63 small letters, digits, "." and "-"`)
  if (path.length > 0 && !isKey(path.join('/'))) fail(`"${path.join('/')}" begins no key`)
  const given = readEndpoint(url, isHost, fail)
  return {
    shown,
    bucket,
    prefix: path.map((segment) => `${segment}/`).join(''),
    region: url.searchParams.get('region') ?? undefined,
    endpoint: given,
    credentials: url.username === '' ? undefined : { accessKeyId: decode(url.username, fail), secretAccessKey: decode(url.password, fail) },
    pathStyle: readSwitch(url, 'pathStyle', fail) ?? given !== undefined,
  }
}

/** TLS is the rule, except to this machine itself. */
function readEndpoint(url: URL, isHost: boolean, fail: (reason: string) => never): string | undefined {
  const endpoint = url.searchParams.get('endpoint')
  const tls = readSwitch(url, 'tls', fail)
  if (isHost) {
    if (endpoint !== null) fail('it names its host twice: before the bucket, and as endpoint')
    return `${(tls ?? !isThisMachine(url.hostname)) ? 'https' : 'http'}://${url.host}`
  }
  if (tls !== undefined) fail('tls says something only of a host in the address; for an endpoint write http:// or https://')
  if (endpoint !== null && !/^https?:\/\/[^/?#]+\/?$/.test(endpoint)) fail(`endpoint="${endpoint}" must look like https://host:port`)
  return endpoint?.replace(/\/$/, '')
}

function readSwitch(url: URL, parameter: string, fail: (reason: string) => never): boolean | undefined {
  const text = url.searchParams.get(parameter)
  if (text === null) return undefined
  return text === '0' || text === '1' ? text === '1' : fail(`${parameter}="${text}" must be 0 or 1`)
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function decode(text: string, fail: (reason: string) => never): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return fail('a "%" in it is followed by no two digits; write %25 for the sign itself')
  }
}
