// Flags over OFREP; an exposure is told when a value is used, once for each flag, variant and unit.
import type { FlagContext, FlagDetails, Flags, RondoOptions } from './types.ts'

type Answer = { key: string; value?: unknown; variant?: string; reason?: string; errorCode?: string; metadata?: { rule?: unknown } }
export type Exposure = { flag: string; variant: string; unit: string; rule: string }

/** Exposures remembered; beyond it they are forgotten and may be told again, which changes no first exposure. */
const EXPOSURES_KEPT = 10_000

type FlagClientOptions = Required<Pick<RondoOptions, 'url' | 'fetch' | 'onError'>> & Pick<RondoOptions, 'clientSecret'> & { expose: (exposure: Exposure) => void }

export function createFlagClient(options: FlagClientOptions): Flags {
  const told = new Set<string>()
  let fetched: { context: string; etag: string | undefined; answers: Map<string, Answer> } | undefined

  const post = (path: string, context: FlagContext, headers: Record<string, string> = {}): Promise<Response> =>
    options.fetch(`${options.url}/ofrep/v1/evaluate/flags${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(options.clientSecret === undefined ? {} : { authorization: `Bearer ${options.clientSecret}` }), ...headers },
      body: JSON.stringify({ context }),
    })

  async function evaluate(key: string, context: FlagContext): Promise<Answer> {
    const name = JSON.stringify(context)
    if (fetched?.context === name) return fetched.answers.get(key) ?? { key, errorCode: 'FLAG_NOT_FOUND' }
    try {
      const response = await post(`/${encodeURIComponent(key)}`, context)
      if (response.ok || response.status === 400 || response.status === 404) return (await response.json()) as Answer
      return { key, errorCode: `HTTP_${response.status}` }
    } catch (thrown) {
      return { key, errorCode: 'UNREACHABLE', reason: thrown instanceof Error ? thrown.message : String(thrown) }
    }
  }

  function expose(answer: Answer, context: FlagContext): void {
    const { targetingKey } = context
    const rule = answer.metadata?.rule
    if (targetingKey === undefined || targetingKey === '' || answer.variant === undefined || answer.variant === '' || typeof rule !== 'string') return
    const exposure = { flag: answer.key, variant: answer.variant, unit: targetingKey, rule }
    const name = JSON.stringify(exposure)
    if (told.has(name)) return
    if (told.size >= EXPOSURES_KEPT) told.clear()
    try {
      options.expose(exposure)
      told.add(name)
    } catch (thrown) {
      options.onError({ code: 'EXPOSURE_LOST', message: thrown instanceof Error ? thrown.message : String(thrown) })
    }
  }

  async function details<T>(key: string, otherwise: T, context: FlagContext): Promise<FlagDetails<T>> {
    const answer = await evaluate(key, context)
    const rule = typeof answer.metadata?.rule === 'string' ? answer.metadata.rule : null
    if (answer.errorCode !== undefined) return { value: otherwise, variant: null, reason: 'ERROR', rule, errorCode: answer.errorCode }
    if (answer.value === undefined) return { value: otherwise, variant: null, reason: answer.reason ?? 'DEFAULT', rule }
    if (!isLike(answer.value, otherwise)) return { value: otherwise, variant: null, reason: 'ERROR', rule, errorCode: 'TYPE_MISMATCH' }
    expose(answer, context)
    return { value: answer.value, variant: answer.variant ?? null, reason: answer.reason ?? 'UNKNOWN', rule }
  }

  return {
    details,
    value: async (key, otherwise, context) => (await details(key, otherwise, context)).value,
    async prefetch(context) {
      const name = JSON.stringify(context)
      const etag = fetched?.context === name ? fetched.etag : undefined
      const response = await post('', context, etag === undefined ? {} : { 'if-none-match': etag })
      if (response.status === 304) return false
      if (!response.ok) {
        options.onError({ code: `HTTP_${response.status}`, message: `Flags could not be fetched: ${response.status}.` })
        return false
      }
      const body = (await response.json()) as { flags?: Answer[] }
      fetched = { context: name, etag: response.headers.get('etag') ?? undefined, answers: new Map((body.flags ?? []).map((answer) => [answer.key, answer])) }
      return true
    },
  }
}

/** The same kind of value: text, number, boolean, list or object. A default of null or undefined takes any. */
function isLike<T>(value: unknown, otherwise: T): value is T {
  if (otherwise === null || otherwise === undefined) return true
  return typeof value === typeof otherwise && Array.isArray(value) === Array.isArray(otherwise) && value !== null
}
