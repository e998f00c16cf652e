// PostgreSQL over TLS: what verify-full lets in, and what every mistake is told as.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createCtx } from '@rondo/context'
import { createAuthority, engineUrl, startEngine, type Authority, type StartedEngine } from '@rondo/tools/engines'
import { sql } from 'kysely'
import { openRelational } from '../src/index.ts'
import { rejectsWith } from './rejects-with.ts'
import { table, type Tables } from './schemas.ts'

const { url, skip } = engineUrl('postgres')
const ctx = createCtx()

describe('postgres: over TLS', { skip }, () => {
  let authority: Authority
  let engine: StartedEngine
  before(async () => {
    authority = await createAuthority()
    // For the number of the host and not for its name.
    engine = await startEngine('postgres', { tls: await authority.issue('127.0.0.1') })
  })
  after(async () => {
    await engine[Symbol.asyncDispose]()
    await authority[Symbol.asyncDispose]()
  })
  const at = (change: (address: URL) => void): string => {
    const address = new URL(engine.url)
    change(address)
    return address.href
  }

  test('RL42 everything is encrypted with verify-full, also after the engine was killed', async () => {
    const store = await openRelational<Tables>(engine.url, { busyLimitMs: 20_000 })
    await store.migrate(table, ctx)
    const encrypted = async () => (await sql<{ ssl: number; version: string }>`select ssl, version from pg_stat_ssl where pid = pg_backend_pid()`.execute(store.db)).rows
    assert.deepEqual(await encrypted(), [{ ssl: 1, version: 'TLSv1.3' }])
    await engine.kill()
    await engine.start()
    await store.transaction((tx) => tx.insertInto('n').values({ id: 1, by: 'a' }).execute(), ctx)
    assert.deepEqual((await encrypted())[0]?.ssl, 1)
    await store.close()
    const trusting = await openRelational<Tables>(at((a) => (a.search = '?sslmode=require')))
    assert.deepEqual(await trusting.db.selectFrom('n').select('id').execute(), [{ id: 1 }])
    await trusting.close()
  })

  test('RL42 a certificate of another authority, or of another host, is refused with the reason and the parameter', async () => {
    await using other = await createAuthority()
    const help = /as the certificate names it, .*sslrootcert=FILE/
    await rejectsWith(openRelational(at((a) => a.searchParams.set('sslrootcert', other.file))), 'CERTIFICATE_REFUSED', /"postgres:\/\/rondo@127\.0\.0\.1:\d+\/rondo" is not trusted: unable to verify the first certificate\.$/, help)
    await rejectsWith(openRelational(at((a) => a.searchParams.delete('sslrootcert'))), 'CERTIFICATE_REFUSED', /unable to verify/, help)
    await rejectsWith(openRelational(at((a) => (a.hostname = 'localhost'))), 'CERTIFICATE_REFUSED', /altnames: Host: localhost\. is not/, help)
  })

  test('RL42 a server that wants TLS, and one that has none, are told apart from one that is away', async () => {
    await rejectsWith(openRelational(at((a) => (a.search = ''))), 'LOGIN_REFUSED', /no encryption/, /add sslmode=verify-full/)
    await rejectsWith(openRelational(`${url}?sslmode=require`), 'DATABASE_WITHOUT_TLS', /does not speak TLS/, /ssl = on/)
  })
})
