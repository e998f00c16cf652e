// What an OFREP request asks for: whose secret, which unit, which attributes.
import { isRecord } from '@rondo/contract'
import type { Attributes } from '../../domain/flags/criterion.ts'

export type Context = { unit: string | undefined; attributes: Attributes }
export type Unreadable = { errorCode: 'PARSE_ERROR' | 'INVALID_CONTEXT'; errorDetails: string }

/** Bearer, or `X-API-Key`. */
export function readSecret(headers: Record<string, string | undefined>): string | undefined {
  const bearer = /^bearer\s+(.+)$/i.exec(headers['authorization'] ?? '')?.[1]?.trim()
  return bearer ?? headers['x-api-key'] ?? undefined
}

/** No body, no context and an empty context are all an anonymous unit. */
export function readContext(body: Buffer): Context | Unreadable {
  let request: unknown = {}
  if (body.length > 0) {
    try {
      request = JSON.parse(body.toString('utf8'))
    } catch (thrown) {
      return { errorCode: 'PARSE_ERROR', errorDetails: `The body is no JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}.` }
    }
  }
  if (!isRecord(request)) return { errorCode: 'PARSE_ERROR', errorDetails: 'The body must be a JSON object {"context": {…}}.' }
  const context = request['context'] ?? {}
  if (!isRecord(context)) return { errorCode: 'INVALID_CONTEXT', errorDetails: `context: ${JSON.stringify(context)} is no object.` }
  const unit = context['targetingKey'] ?? undefined
  if (unit !== undefined && typeof unit !== 'string') {
    return { errorCode: 'INVALID_CONTEXT', errorDetails: `TARGETING_KEY_ERROR: context/targetingKey must be a text, not ${JSON.stringify(unit)}.` }
  }
  return { unit: unit === '' ? undefined : unit, attributes: context }
}
