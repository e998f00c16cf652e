// The access room: keys of programs, sessions of people, and the audit of what was written.
import { createCtx, type Ctx, type Principal } from '@rondo/context'
import type { Log, Metric, Service } from '@rondo/contract'
import type { Ids } from '@rondo/ids'
import type { Relational } from '@rondo/relational'
import { MINUTE_MS, toIso, type Clock } from '@rondo/time'
import { migrations } from '../migrations/index.ts'
import { keysContract } from './contract.ts'
import { createFailureLimiter } from './domain/failure-limiter.ts'
import { isInForce, toKey } from './domain/stored-key.ts'
import { createKeyRing } from './key-ring.ts'
import { refuseUnlessAdmin, takeFromStore, type Parts } from './parts.ts'
import { createKeyStore } from './store/key-store.ts'
import type { AccessTables } from './store/tables.ts'
import { createAdminLink, redeemAdminLink } from './use-cases/admin-link.ts'
import { authenticate, authenticateSession } from './use-cases/authenticate.ts'
import { bootstrapKeys, type GivenKeys, type MadeKeys } from './use-cases/bootstrap-keys.ts'
import { createKey } from './use-cases/create-key.ts'
import { revokeKey } from './use-cases/revoke-key.ts'

export type AccessDeps = {
  /** The clock of the wall, also when the rest of the house lives in simulated time: sessions and keys expire for people. */
  clock: Clock
  ids: Ids
  log: Log
  relational: Relational<AccessTables>
}

export type AccessService = Service<typeof keysContract> & {
  /** Microseconds: one hash and one look-up in memory. `source`, for instance an address, slows down who guesses (TOO_MANY_FAILURES). */
  authenticate(secret: string, kinds: readonly Principal['kind'][], ctx: Ctx, source?: string): Promise<Principal | undefined>
  authenticateSession(cookie: string, ctx: Ctx): Promise<Principal | undefined>
  /** Takes the given values, makes what is missing; the answer holds only values made by this call. Throws SECRET_TOO_SHORT. */
  bootstrapKeys(given: GivenKeys, ctx?: Ctx): Promise<MadeKeys>
  /** Token for `redeemAdminLink`, good once within a day. */
  createAdminLink(ctx: Ctx): Promise<string>
  /** A right link passes whatever its source did before; wrong ones of a `source` are counted. Throws TOO_MANY_FAILURES. */
  redeemAdminLink(token: string, ctx: Ctx, source?: string): Promise<{ cookie: string; maxAgeSeconds: number } | undefined>
}

/** Last uses are written together, so that a busy key costs one write a minute. */
const lastUseEveryMs = MINUTE_MS
/** How long a key that was revoked in another process may still pass here. */
const seeOthersEveryMs = 1_000
const failureLimits = { failures: 20, windowMs: MINUTE_MS, maxSources: 10_000 }

export async function createAccessService(deps: AccessDeps): Promise<AccessService> {
  const house = createCtx({ principal: { kind: 'service', name: 'access' } })
  await deps.relational.migrate(migrations, house)
  const store = createKeyStore(deps.relational)
  const ring = createKeyRing(await store.listKeys(), await store.listSessions(deps.clock.now()))
  const parts: Parts = { clock: deps.clock, ids: deps.ids, store, ring, limiter: createFailureLimiter(failureLimits), isShared: deps.relational.capabilities.concurrentWriters }

  let writtenAtMs = deps.clock.now()
  const writeUses = async (ctx: Ctx): Promise<void> => {
    writtenAtMs = deps.clock.now()
    const uses = ring.takeUses()
    if (uses.size > 0) await store.writeLastUsed(uses, ctx)
  }
  const writeUsesWhenDue = async (ctx: Ctx): Promise<number> => {
    if (Math.abs(deps.clock.now() - writtenAtMs) >= lastUseEveryMs) await writeUses(ctx)
    return 0
  }
  return {
    contract: keysContract,
    api: {
      createKey: async ({ body }, ctx) => {
        refuseUnlessAdmin(ctx, 'make keys')
        return createKey(parts, body, ctx)
      },
      listKeys: async () => ({ rows: ring.list().sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1)).map(toKey) }),
      revokeKey: async ({ id }, ctx) => {
        refuseUnlessAdmin(ctx, 'revoke keys')
        return revokeKey(parts, id, ctx)
      },
      createLink: async (_input, ctx) => {
        refuseUnlessAdmin(ctx, 'make sign-in links')
        const { token, expiresAtMs } = await createAdminLink(parts, ctx)
        return { token, expiresAt: toIso(expiresAtMs) }
      },
      listAudit: async ({ limit }) => ({ rows: await store.listAudit(limit ?? 100) }),
    },
    jobs: [
      { name: 'keys: write last use', everyMs: 5_000, run: writeUsesWhenDue },
      ...(parts.isShared ? [{ name: 'keys: see what other processes did', everyMs: seeOthersEveryMs, run: () => takeFromStore(parts).then(() => 0) }] : []),
    ],
    metrics: () => listMetrics(parts),
    ready: (ctx) => deps.relational.ready(ctx),
    close: () => writeUses(house),
    authenticate: (secret, kinds, ctx, source) => authenticate(parts, secret, kinds, ctx, source),
    authenticateSession: (cookie, ctx) => authenticateSession(parts, cookie, ctx),
    bootstrapKeys: (given, ctx = house) => bootstrapKeys(parts, given, ctx),
    createAdminLink: async (ctx) => (await createAdminLink(parts, ctx)).token,
    redeemAdminLink: (token, ctx, source) => redeemAdminLink(parts, token, ctx, source),
  }
}

function listMetrics({ ring, clock }: Parts): Metric[] {
  const counts = new Map<string, number>()
  for (const key of ring.list()) if (isInForce(key, clock.now())) counts.set(key.kind, (counts.get(key.kind) ?? 0) + 1)
  return [{ name: 'rondo_keys', help: 'Keys in force', type: 'gauge', samples: [...counts].map(([kind, value]) => ({ labels: { kind }, value })) }]
}
