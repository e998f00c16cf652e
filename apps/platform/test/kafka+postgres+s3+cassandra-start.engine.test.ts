// What is wrong with an engine when a house starts is told within seconds, as its operator would type it: the address without its secret, what to do, exit code 1.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { MUSIC } from './music-copy.ts'
import { findHouseEngines, makeOwnStores, type OwnStores } from './own-stores.ts'
import { runRondo, WITH_KEYS } from './running-platform.ts'

const { engines, skip } = findHouseEngines()
const SECRET = 'not-for-your-eyes'
const NOBODY = '127.0.0.1:1'
const WITHIN_MS = 20_000

type Case = { what: string; env: Record<string, string>; tells: RegExp; helps: RegExp; code: string; rooms?: string[] }

/** A package that was never installed, as Node tells of it. */
function hide(name: string): Record<string, string> {
  const source = `import { registerHooks } from 'node:module'
registerHooks({ resolve: (specifier, context, next) => { if (specifier === '${name}') throw Object.assign(new Error("Cannot find package '${name}'"), { code: 'ERR_MODULE_NOT_FOUND' }); return next(specifier, context) } })`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` }
}

describe('a house whose engines are not as its configuration says', { skip }, () => {
  const silent = createServer(() => undefined)
  let own: OwnStores
  before(async () => {
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    own = await makeOwnStores(engines)
  })
  after(async () => {
    silent.close()
    await own[Symbol.asyncDispose]()
  })

  const check = ({ what, env, tells, helps, code, rooms = ['events', 'pipelines'] }: Case): void => {
    test(`PF80 ${what}`, async () => {
      await using folder = await createTempFolder()
      const mute = `127.0.0.1:${(silent.address() as AddressInfo).port}`
      const given = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replace('MUTE', mute)]))
      const startedAt = performance.now()
      const { code: exit, err } = await runRondo(['serve', ...rooms, '--workspace', MUSIC, '--config', 'rondo.distributed.config.ts', '--port', '0', '--data', folder.join('data')], { env: { ...WITH_KEYS, ...own.env, ...given } })
      const tookMs = performance.now() - startedAt
      assert.equal(exit, 1, err)
      assert.match(err, tells)
      assert.match(err, helps)
      assert.ok(err.includes(`(${code})`), err)
      assert.ok(!err.includes(SECRET), err)
      assert.ok(tookMs < WITHIN_MS, `${Math.round(tookMs)} ms`)
    })
  }

  const kafka = new URL(engines.kafka || 'kafka://none').host
  const postgres = new URL(engines.postgres || 'postgres://none').host
  const s3 = new URL(engines.s3 || 's3://none').host
  const cassandra = new URL(engines.cassandra || 'cassandra://none').host
  const front = ['recommendations']

  check({ what: 'Kafka is not there', env: { RONDO_EVENT_LOG: `kafka://ann:${SECRET}@${NOBODY}` }, tells: /No Kafka answers at "kafka:\/\/ann:…@127\.0\.0\.1:1"/, helps: /Start it, or correct the address/, code: 'LOG_UNREACHABLE' })
  check({ what: 'Kafka says nothing', env: { RONDO_EVENT_LOG: 'kafka://MUTE' }, tells: /No Kafka answers at "kafka:\/\/127\.0\.0\.1:\d+"/, helps: /Start it/, code: 'LOG_UNREACHABLE' })
  check({ what: 'Kafka refuses the password', env: { RONDO_EVENT_LOG: `kafka://ann:${SECRET}@${kafka}` }, tells: /"kafka:\/\/ann:…@.*" refused the user "ann"/, helps: /Correct user, password or mechanism/, code: 'LOG_SIGN_IN_REFUSED' })
  check({ what: 'the client of Kafka is missing', env: hide('@platformatic/kafka'), tells: /needs a client library that is not installed/, helps: /npm install @platformatic\/kafka@\d/, code: 'LOG_DRIVER_MISSING' })

  check({ what: 'PostgreSQL is not there', env: { RONDO_RELATIONAL: `postgres://ann:${SECRET}@${NOBODY}/rondo` }, tells: /"postgres:\/\/ann@127\.0\.0\.1:1\/rondo" does not answer/, helps: /Check the host and the port/, code: 'DATABASE_UNREACHABLE' })
  check({ what: 'PostgreSQL says nothing', env: { RONDO_RELATIONAL: 'postgres://rondo@MUTE/rondo' }, tells: /does not answer/, helps: /pg_isready/, code: 'DATABASE_UNREACHABLE' })
  check({ what: 'PostgreSQL refuses the password', env: { RONDO_RELATIONAL: `postgres://ann:${SECRET}@${postgres}/rondo` }, tells: /does not let "ann" in/, helps: /Check user and password/, code: 'LOGIN_REFUSED' })
  check({ what: 'PostgreSQL has no such database', env: { RONDO_RELATIONAL: `postgres://rondo@${postgres}/none-such` }, tells: /no database "none-such"/, helps: /createdb none-such/, code: 'DATABASE_MISSING' })
  for (const name of ['pg', 'pg-cursor']) check({ what: `the package ${name} is missing`, env: hide(name), tells: /PostgreSQL needs a package that is not installed/, helps: /npm install pg@\d/, code: 'PACKAGE_MISSING' })

  check({ what: 'S3 is not there', env: { RONDO_OBJECTS: `s3://key:${SECRET}@${NOBODY}/rondo` }, tells: /"s3:\/\/key:…@127\.0\.0\.1:1\/rondo" does not answer/, helps: /Check the host and the port/, code: 'OBJECTS_UNREACHABLE' })
  check({ what: 'S3 says nothing', env: { RONDO_OBJECTS: `s3://key:${SECRET}@MUTE/rondo` }, tells: /does not answer/, helps: /Check the host and the port/, code: 'OBJECTS_UNREACHABLE' })
  check({ what: 'S3 refuses the secret', env: { RONDO_OBJECTS: `s3://rondo:${SECRET}@${s3}/rondo` }, tells: /does not let us in/, helps: /Check key and secret/, code: 'LOGIN_REFUSED' })
  check({ what: 'S3 has no such bucket', env: { RONDO_OBJECTS: `${engines.s3.replace('/rondo?', '/none-such?')}` }, tells: /no bucket "none-such"/, helps: /aws s3 mb/, code: 'BUCKET_MISSING' })
  check({ what: 'the client of S3 is missing', env: hide('@aws-sdk/client-s3'), tells: /S3 needs a package/, helps: /npm install @aws-sdk\/client-s3@\d/, code: 'PACKAGE_MISSING' })

  check({ what: 'Cassandra is not there', env: { RONDO_KEY_VALUE: `cassandra://ann:${SECRET}@${NOBODY}/rondo` }, tells: /"cassandra:\/\/ann:…@127\.0\.0\.1:1\/rondo" does not answer/, helps: /Check the hosts and the port/, code: 'KEY_VALUE_UNREACHABLE', rooms: front })
  check({ what: 'Cassandra says nothing', env: { RONDO_KEY_VALUE: 'cassandra://MUTE/rondo' }, tells: /does not answer/, helps: /Check the hosts and the port/, code: 'KEY_VALUE_UNREACHABLE', rooms: front })
  check({ what: 'Cassandra has no such keyspace', env: { RONDO_KEY_VALUE: `cassandra://${cassandra}/none_such` }, tells: /no keyspace "none_such"/, helps: /CREATE KEYSPACE/, code: 'KEYSPACE_MISSING', rooms: front })
  check({ what: 'the client of Cassandra is missing', env: hide('cassandra-driver'), tells: /Cassandra needs a package/, helps: /npm install cassandra-driver@\d/, code: 'PACKAGE_MISSING', rooms: front })

  check({ what: 'an address names no driver', env: { RONDO_KEY_VALUE: `redis://ann:${SECRET}@${NOBODY}` }, tells: /is no address of a key-value store/, helps: /Write "lmdb:/, code: 'BAD_STORE_ADDRESS', rooms: front })
})
