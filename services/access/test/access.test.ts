// The access room through its door, on a real database in a folder that goes away.
import assert from 'node:assert/strict'
import { readFile, readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import { createLocalClient, type Log } from '@rondo/contract'
import { createIds } from '@rondo/ids'
import { createSystemRandom } from '@rondo/random'
import { openTestDatabase } from '@rondo/relational/testing'
import { createTempFolder } from '@rondo/testing'
import { createManualClock, DAY_MS, MINUTE_MS } from '@rondo/time'
import { createAccessService, keysContract, type AccessDeps } from '../src/index.ts'

const START_MS = Date.parse('2026-09-21T08:00:00Z')
const ctx = createCtx({ principal: { kind: 'admin', name: 'Ada' } })
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }

async function open(folder: string) {
  const clock = createManualClock(START_MS)
  const relational: AccessDeps['relational'] = await openTestDatabase(folder, 'access')
  const service = await createAccessService({ clock, ids: createIds(clock, createSystemRandom()), log: silent, relational })
  const close = async (): Promise<void> => {
    await service.close()
    await relational.close()
  }
  return { clock, service, keys: createLocalClient(keysContract, service.api), close }
}

test('AC1 a secret is shown once and stored only as a hash', async () => {
  await using folder = await createTempFolder()
  const { keys, close } = await open(folder.path)
  const made = await keys.createKey({ body: { kind: 'write', name: 'web-player' } }, ctx)
  assert.match(made.secret, /^rk_write_[\w-]{32}$/)
  assert.equal(made.secret.startsWith(made.prefix), true)
  assert.equal(made.prefix.length, 'rk_write_'.length + 4)
  const { rows } = await keys.listKeys({}, ctx)
  assert.equal(JSON.stringify(rows).includes(made.secret), false)
  assert.deepEqual(rows.map(({ name, kind, scope, createdBy }) => ({ name, kind, scope, createdBy })), [{ name: 'web-player', kind: 'write', scope: '*', createdBy: 'admin:Ada' }])
  await close()
  for (const name of await readdir(folder.path)) assert.equal((await readFile(folder.join(name))).includes(made.secret), false)
})

test('AC2 a key lets in its own kind only, after a restart too, until it is revoked at once', async () => {
  await using folder = await createTempFolder()
  const first = await open(folder.path)
  const made = await first.keys.createKey({ body: { kind: 'client', name: 'app' } }, ctx)
  assert.deepEqual(await first.service.authenticate(made.secret, ['client'], ctx), { kind: 'client', name: 'app' })
  assert.equal(await first.service.authenticate(made.secret, ['write', 'admin'], ctx), undefined)
  assert.equal(await first.service.authenticate(`${made.secret}x`, ['client'], ctx), undefined)
  assert.equal(await first.service.authenticate('', ['client'], ctx), undefined)
  await first.close()

  const second = await open(folder.path)
  assert.deepEqual(await second.service.authenticate(made.secret, ['client'], ctx), { kind: 'client', name: 'app' })
  const revoked = await second.keys.revokeKey({ id: made.id }, ctx)
  assert.equal(await second.service.authenticate(made.secret, ['client'], ctx), undefined)
  assert.deepEqual(await second.keys.revokeKey({ id: made.id }, ctx), revoked)
  await assert.rejects(second.keys.revokeKey({ id: 'nope' }, ctx), { code: 'KEY_NOT_FOUND' })
  await second.close()

  const third = await open(folder.path)
  assert.equal(await third.service.authenticate(made.secret, ['client'], ctx), undefined)
  await third.close()
})

test('AC3 keys expire, names are unique among keys in force, and the last use is kept', async () => {
  await using folder = await createTempFolder()
  const { clock, service, keys, close } = await open(folder.path)
  const made = await keys.createKey({ body: { kind: 'service', name: 'etl', expiresInDays: 1 } }, ctx)
  await assert.rejects(keys.createKey({ body: { kind: 'service', name: 'etl' } }, ctx), { code: 'KEY_NAME_TAKEN' })
  clock.advance(DAY_MS - 1)
  assert.ok(await service.authenticate(made.secret, ['service'], ctx))
  clock.advance(1)
  assert.equal(await service.authenticate(made.secret, ['service'], ctx), undefined)
  await service.jobs?.[0]?.run(ctx)
  await close()
  const again = await open(folder.path)
  const [row] = (await again.keys.listKeys({}, ctx)).rows
  assert.equal(row?.lastUsedAt, new Date(START_MS + DAY_MS - 1).toISOString())
  await again.keys.createKey({ body: { kind: 'service', name: 'etl 2' } }, ctx)
  await again.close()
})

test('AC4 the first start makes what is missing, takes what is given, and shows it once', async () => {
  await using folder = await createTempFolder()
  const { service, keys, close } = await open(folder.path)
  const made = await service.bootstrapKeys({ writeKey: 'given-write-key' })
  assert.deepEqual(Object.keys(made), ['adminToken', 'clientSecret'])
  assert.ok(await service.authenticate(made.adminToken ?? '', ['admin'], ctx))
  assert.ok(await service.authenticate('given-write-key', ['write'], ctx))
  assert.deepEqual(await service.bootstrapKeys({ writeKey: 'given-write-key' }), {})
  assert.deepEqual(await service.bootstrapKeys({ writeKey: 'another-write-key' }), {})
  assert.equal(await service.authenticate('given-write-key', ['write'], ctx), undefined)
  assert.ok(await service.authenticate('another-write-key', ['write'], ctx))
  await assert.rejects(service.bootstrapKeys({ adminToken: 'short' }), { code: 'SECRET_TOO_SHORT' })
  await assert.rejects(service.bootstrapKeys({ clientSecret: 'another-write-key' }), { code: 'SECRET_USED_TWICE' })
  assert.equal((await keys.listKeys({}, ctx)).rows.filter((key) => key.prefix.includes('anot')).length, 0, 'a secret that somebody chose shows none of itself')
  await close()
})

test('AC5 an admin link works once and gives a session that ends', async () => {
  await using folder = await createTempFolder()
  const { clock, service, keys, close } = await open(folder.path)
  const token = await service.createAdminLink(ctx)
  const session = await service.redeemAdminLink(token, ctx)
  assert.equal(session?.maxAgeSeconds, 30 * 24 * 3600)
  assert.equal(await service.redeemAdminLink(token, ctx), undefined)
  assert.deepEqual(await service.authenticateSession(session?.cookie ?? '', ctx), { kind: 'admin', name: 'portal' })
  assert.equal(await service.authenticateSession('rk_session_guess', ctx), undefined)
  const old = (await keys.createLink({}, ctx)).token
  clock.advance(DAY_MS)
  assert.equal(await service.redeemAdminLink(old, ctx), undefined)
  await close()

  const again = await open(folder.path)
  again.clock.advance(29 * DAY_MS)
  assert.ok(await again.service.authenticateSession(session?.cookie ?? '', ctx), 'a session outlives a restart')
  again.clock.advance(DAY_MS)
  assert.equal(await again.service.authenticateSession(session?.cookie ?? '', ctx), undefined)
  await again.close()
})

test('AC6 a source that guesses is not heard for a while; a key in force is, from there too', async () => {
  await using folder = await createTempFolder()
  const { clock, service, keys, close } = await open(folder.path)
  const { id, secret } = await keys.createKey({ body: { kind: 'admin', name: 'a' } }, ctx)
  for (let i = 0; i < 20; i += 1) assert.equal(await service.authenticate(`guess ${i}`, ['admin'], ctx, '10.0.0.9'), undefined)
  await assert.rejects(service.authenticate('guess', ['admin'], ctx, '10.0.0.9'), { code: 'TOO_MANY_FAILURES', kind: 'limited' })
  assert.deepEqual(await service.authenticate(secret, ['admin'], ctx, '10.0.0.9'), { kind: 'admin', name: 'a' }, 'who shares the address is not locked out')
  assert.equal(await service.authenticate(secret, ['write'], ctx, '10.0.0.9'), undefined, 'a known key of another kind is no guess')
  await assert.rejects(service.authenticate('guess', ['admin'], ctx, '10.0.0.9'), { code: 'TOO_MANY_FAILURES' }, 'a right key clears nothing')
  assert.equal(await service.authenticate('guess', ['admin'], ctx, '10.0.0.1'), undefined)
  await keys.revokeKey({ id }, ctx)
  await assert.rejects(service.authenticate(secret, ['admin'], ctx, '10.0.0.9'), { code: 'TOO_MANY_FAILURES' }, 'a revoked key is an unknown one')
  clock.advance(MINUTE_MS)
  assert.equal(await service.authenticate('guess', ['admin'], ctx, '10.0.0.9'), undefined)
  await close()
})

test('AC6 a source that guesses sign-in links is not heard for a while; a right link passes from there too', async () => {
  await using folder = await createTempFolder()
  const { clock, service, close } = await open(folder.path)
  for (let i = 0; i < 20; i += 1) assert.equal(await service.redeemAdminLink(`guess ${i}`, ctx, '10.0.0.9'), undefined)
  await assert.rejects(service.redeemAdminLink('guess', ctx, '10.0.0.9'), { code: 'TOO_MANY_FAILURES' })
  const link = await service.createAdminLink(ctx)
  assert.ok(await service.redeemAdminLink(link, ctx, '10.0.0.9'))
  await assert.rejects(service.redeemAdminLink(link, ctx, '10.0.0.9'), { code: 'TOO_MANY_FAILURES' }, 'a spent link is a wrong one')
  assert.equal(await service.redeemAdminLink('guess', ctx, '10.0.0.1'), undefined, 'other addresses are heard')
  clock.advance(MINUTE_MS)
  assert.equal(await service.redeemAdminLink('x'.repeat(10_000), ctx, '10.0.0.9'), undefined)
  await close()
})

test('AC7 every write leaves a line in the audit', async () => {
  await using folder = await createTempFolder()
  const { clock, service, keys, close } = await open(folder.path)
  const { id } = await keys.createKey({ body: { kind: 'write', name: 'w' } }, ctx)
  clock.advance(1)
  await keys.revokeKey({ id }, ctx)
  clock.advance(1)
  await service.redeemAdminLink(await service.createAdminLink(ctx), ctx)
  const { rows } = await keys.listAudit({}, ctx)
  assert.deepEqual(rows.map(({ actor, action }) => [actor, action]), [['admin:Ada', 'sign-in'], ['admin:Ada', 'create-link'], ['admin:Ada', 'revoke-key'], ['admin:Ada', 'create-key']])
  await close()
})

test('AC8 authentication costs microseconds', async () => {
  await using folder = await createTempFolder()
  const { service, keys, close } = await open(folder.path)
  const { secret } = await keys.createKey({ body: { kind: 'write', name: 'w' } }, ctx)
  const rounds = 20_000
  const start = process.hrtime.bigint()
  for (let i = 0; i < rounds; i += 1) await service.authenticate(secret, ['write'], ctx)
  const each = Number(process.hrtime.bigint() - start) / rounds / 1000
  assert.ok(each < 100, `${each.toFixed(1)} µs a call`)
  await close()
})

test('AC9 a scope that nothing would enforce is refused by name, and no key is made', async () => {
  await using folder = await createTempFolder()
  const { keys, close } = await open(folder.path)
  await assert.rejects(keys.createKey({ body: { kind: 'write', name: 'w', scope: 'events' } }, ctx), { code: 'SCOPE_UNSUPPORTED', kind: 'invalid', message: /"events"/, help: /"\*"/ })
  assert.deepEqual((await keys.listKeys({}, ctx)).rows, [])
  assert.equal((await keys.createKey({ body: { kind: 'write', name: 'w', scope: '*' } }, ctx)).scope, '*')
  await close()
})

test('AC10 a service key makes and revokes no keys and no links; an admin does', async () => {
  await using folder = await createTempFolder()
  const { keys, close } = await open(folder.path)
  const service = createCtx({ principal: { kind: 'service', name: 'local' } })
  const { id } = await keys.createKey({ body: { kind: 'service', name: 'etl' } }, ctx)
  const refused = { code: 'ADMIN_KEY_NEEDED', kind: 'forbidden', message: /service key may not/ }
  for (const kind of ['admin', 'service', 'write', 'client'] as const) await assert.rejects(keys.createKey({ body: { kind, name: 'mine' } }, service), refused)
  await assert.rejects(keys.revokeKey({ id }, service), refused)
  await assert.rejects(keys.createLink({}, service), refused)
  const { rows } = await keys.listKeys({}, service)
  assert.deepEqual(rows.map(({ name, revokedAt }) => [name, revokedAt]), [['etl', null]], 'it may look')
  await close()
})

/** Two processes on one store, of which only engines for several are capable; both are opened on one database here. */
async function openTwo(folder: string) {
  const clock = createManualClock(START_MS)
  const relational: AccessDeps['relational'] = await openTestDatabase(folder, 'access')
  const shared: AccessDeps['relational'] = { ...relational, capabilities: { ...relational.capabilities, concurrentWriters: true } }
  const make = () => createAccessService({ clock, ids: createIds(clock, createSystemRandom()), log: silent, relational: shared })
  const [one, two] = await Promise.all([make(), make()])
  return { one, two, keys: createLocalClient(keysContract, one.api), [Symbol.asyncDispose]: () => relational.close() }
}

test('AC11 keys, sessions and revocations of one process hold in the other', async () => {
  await using folder = await createTempFolder()
  await using both = await openTwo(folder.path)
  const { one, two, keys } = both
  const see = async (): Promise<void> => void (await Promise.all((two.jobs ?? []).map((job) => job.run(ctx))))
  const made = await keys.createKey({ body: { kind: 'write', name: 'player' } }, ctx)
  assert.deepEqual(await two.authenticate(made.secret, ['write'], ctx, '10.0.0.1'), { kind: 'write', name: 'player' })
  const session = await one.redeemAdminLink(await two.createAdminLink(ctx), ctx)
  assert.deepEqual(await two.authenticateSession(session?.cookie ?? '', ctx), { kind: 'admin', name: 'portal' })
  await assert.rejects(createLocalClient(keysContract, two.api).createKey({ body: { kind: 'write', name: 'player' } }, ctx), { code: 'KEY_NAME_TAKEN' })

  // What two reads just before the revocation and takes just after it undoes nothing.
  const reading = see()
  await createLocalClient(keysContract, two.api).revokeKey({ id: made.id }, ctx)
  await reading
  assert.equal(await two.authenticate(made.secret, ['write'], ctx), undefined)
  assert.notEqual(await one.authenticate(made.secret, ['write'], ctx), undefined)
  for (const job of one.jobs ?? []) await job.run(ctx)
  assert.equal(await one.authenticate(made.secret, ['write'], ctx), undefined)
})

test('AC12 two processes that start at once make each first key once', async () => {
  await using folder = await createTempFolder()
  await using both = await openTwo(folder.path)
  const given = { adminToken: 'admin-token-of-tests' }
  const made = await Promise.all([both.one.bootstrapKeys(given), both.two.bootstrapKeys(given)])
  assert.deepEqual(made.flatMap((keys) => Object.keys(keys)).sort(), ['clientSecret', 'writeKey'])
  for (const service of [both.one, both.two]) {
    assert.notEqual(await service.authenticate(given.adminToken, ['admin'], ctx), undefined)
    for (const secret of made.flatMap((keys) => Object.values(keys))) assert.notEqual(await service.authenticate(secret, ['write', 'client'], ctx), undefined)
  }
})
