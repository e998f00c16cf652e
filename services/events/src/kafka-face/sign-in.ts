// Who may do what over Kafka's protocol: the same keys as over HTTP, as user name or password of SASL PLAIN.
import { AppError } from '@rondo/errors'
import type { Authenticate } from '@rondo/contract'
import type { Ctx, Principal } from '@rondo/context'
import type { Right, SignIn } from '@rondo/event-log/kafka-server'

const KINDS: Principal['kind'][] = ['write', 'client', 'admin', 'service']
const HOLDERS: Record<Right, ReadonlySet<Principal['kind']>> = { write: new Set(['write', 'admin', 'service']), read: new Set(['admin', 'service']) }
const KEY_PREFIX = 'rk_'

/** Every request asks again, so that a revoked key ends at once. */
export function createSignIn(authenticate: Authenticate): SignIn {
  return async ({ user, password }, address, ctx) => {
    const found = await findKey(authenticate, { user, password }, address, ctx)
    if (found === undefined) return undefined
    const { secret, id, name } = found
    return {
      id,
      name,
      async may(right, request) {
        const principal = await authenticate(secret, KINDS, request, address)
        return principal !== undefined && HOLDERS[right].has(principal.kind)
      },
    }
  }
}

/** Which of the two is a key. Throws what `authenticate` throws for an address that guesses, when neither is. */
async function findKey(authenticate: Authenticate, { user, password }: { user: string; password: string }, address: string, ctx: Ctx): Promise<{ secret: string; id: string; name: string } | undefined> {
  // Those of our making first, so that the other one is not held against the caller as a guess.
  const candidates = [...new Set([password, user])].filter((text) => text !== '').toSorted((a, b) => Number(b.startsWith(KEY_PREFIX)) - Number(a.startsWith(KEY_PREFIX)))
  let refusal: AppError | undefined
  for (const secret of candidates) {
    try {
      const principal = await authenticate(secret, KINDS, ctx, address)
      if (principal !== undefined && principal.kind !== 'anonymous') return { secret, id: `${principal.kind}:${principal.name}`, name: principal.name }
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      refusal = thrown
    }
  }
  if (refusal !== undefined) throw refusal
  return undefined
}
