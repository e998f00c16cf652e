// Opening PostgreSQL: every wrong address says what is wrong with it, and the language of a database does not matter.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, test } from 'node:test'
import { createCtx } from '@rondo/context'
import { engineUrl } from '@rondo/tools/engines'
import { sql } from 'kysely'
import { openRelational } from '../src/index.ts'
import { loadPg } from '../src/postgres/load-pg.ts'
import { rejectsWith } from './rejects-with.ts'
import { dropSchema, table, withSchema, type Tables } from './schemas.ts'

const { url, skip } = engineUrl('postgres')
const ctx = createCtx()

describe('postgres: at open', { skip }, () => {
  const at = (change: (address: URL) => void): string => {
    const address = new URL(withSchema(url))
    change(address)
    return address.href
  }

  test('RL27 what is wrong with an address is said with the address and the fix, without its password', async () => {
    await rejectsWith(openRelational(at((a) => (a.port = '1'))), 'DATABASE_UNREACHABLE', /postgres:\/\/rondo@127\.0\.0\.1:1\/rondo.*ECONNREFUSED/, /pg_isready/)
    await rejectsWith(openRelational(at((a) => (a.hostname = 'nowhere.invalid'))), 'DATABASE_UNREACHABLE', /nowhere\.invalid/, /host/)
    await rejectsWith(openRelational(at((a) => (a.pathname = '/nothing'))), 'DATABASE_MISSING', /"nothing"/, /createdb nothing/)
    await rejectsWith(openRelational(at((a) => ((a.username = 'ines'), (a.password = 'wrong-word')))), 'LOGIN_REFUSED', /does not let "ines" in: (?!.*wrong-word)/, /percent-encoded/)
    await rejectsWith(openRelational(at((a) => (a.username = 'ines'))), 'LOGIN_REFUSED', /password/, /password/)
    for (const [parameter, words] of [['pool=1', /from 2 to 1000/], ['pool=many', /whole number/], ['shema=x', /no parameter "shema", but schema/], ['schema=Big', /small letters/], ['schema=pg_x', /small letters/], ['sslmode=prefer', /disable, require, verify-full/], ['sslrootcert=x', /verify-full/], ['sslmode=verify-full&sslrootcert=/nothing', /cannot be read/]] as const) {
      await rejectsWith(openRelational(`${url}?${parameter}`), 'BAD_STORE_ADDRESS', words, /schema=name/)
    }
    await rejectsWith(openRelational('postgres://rondo:secret@h'), 'BAD_STORE_ADDRESS', /^(?!.*secret).*name of one database/)
    await rejectsWith(openRelational('postgres://h/d'), 'BAD_STORE_ADDRESS', /name a user/)
    await rejectsWith(openRelational(url, { name: 'No Name' }), 'BAD_STORE_ADDRESS', /"No Name"/)
  })

  test('RL27 a user who may not make the schema is told how to get it', async () => {
    const address = withSchema(url)
    const admin = await openRelational(address)
    await sql`create role ${sql.id(`guest_${process.pid}`)} login password 'p/w d'`.execute(admin.db)
    await rejectsWith(openRelational(at((a) => ((a.username = `guest_${process.pid}`), (a.password = encodeURIComponent('p/w d'))))), 'DATABASE_FORBIDS', /permission denied/, /create schema … authorization/)
    await sql`drop role ${sql.id(`guest_${process.pid}`)}`.execute(admin.db)
    await admin.close()
    await dropSchema(address)
  })

  test('RL27 a package that is missing is named with the line that installs it', async () => {
    const load = async (name: string) => Promise.reject(new Error(`Cannot find package '${name}'`))
    await rejectsWith(loadPg(load), 'PACKAGE_MISSING', /pg@\d/, /^npm install pg@[\d.]+ pg-cursor@[\d.]+$/)
  })

  test('RL27 a server that is too old is refused by its version', async () => {
    await using old = await startOldServer('120017')
    await rejectsWith(openRelational(`postgres://rondo@127.0.0.1:${old.port}/rondo`), 'DATABASE_TOO_OLD', /PostgreSQL 12\.17; 13 is the oldest/, /Upgrade/)
  })

  test('RL21 texts sort by their bytes also where the database sorts by a language', async () => {
    const address = withSchema(url)
    const admin = await openRelational(address)
    const database = `icu_${process.pid}`
    await sql`create database ${sql.id(database)} template template0 locale_provider icu icu_locale 'en'`.execute(admin.db)
    const store = await openRelational<Tables>(at((a) => (a.pathname = `/${database}`)))
    await store.migrate(table, ctx)
    await store.db.insertInto('n').values(['b', 'B', '_', 'a'].map((by, id) => ({ id, by }))).execute()
    assert.deepEqual((await store.db.selectFrom('n').select('by').orderBy('by').execute()).map((row) => row.by), ['B', '_', 'a', 'b'])
    assert.equal((await sql<{ s: string }>`select string_agg(c, '' order by c) as s from unnest(array['b','B','_','a']) as t (c)`.execute(store.db)).rows[0]?.s, '_abB')
    await store.close()
    await sql`drop database ${sql.id(database)} with (force)`.execute(admin.db)
    await admin.close()
    await dropSchema(address)
  })
})

/** Speaks just enough of the protocol to tell a version: message = type, length, body. */
async function startOldServer(version: string): Promise<AsyncDisposable & { port: number }> {
  const message = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(5)
    head.write(type)
    head.writeInt32BE(body.length + 4, 1)
    return Buffer.concat([head, body])
  }
  const ready = message('Z', Buffer.from('I'))
  const column = Buffer.concat([Buffer.from([0, 1]), Buffer.from('server_version_num\0'), Buffer.alloc(6), Buffer.from([0, 0, 0, 25, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0])])
  const cell = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, version.length]), Buffer.from(version)])
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => {
      if (bytes[0] === 0) socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ready]))
      else if (bytes[0] === 'Q'.charCodeAt(0)) socket.write(Buffer.concat([message('T', column), message('D', cell), message('C', Buffer.from('SHOW\0')), ready]))
      else socket.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, [Symbol.asyncDispose]: async () => void server.close() }
}
