// Closes a client of Cassandra in the middle of something, which is named, and then has nothing more to do: whatever the client leaves open keeps this process.
import { connect } from '../src/cassandra/connect.ts'
import { loadCassandra } from '../src/cassandra/load-cassandra.ts'
import { parseCassandraAddress } from '../src/cassandra/parse-cassandra-address.ts'
import { createCqlStub, type Asked } from './cql-stub.ts'

const [, , scene = '', asked = 'startup'] = process.argv
const stub = await createCqlStub({ version: '4.1.0' })
stub.unref()
const library = await loadCassandra()
const open = (timeoutMs = 1_000) => connect(library, parseCassandraAddress(`cassandra://${stub.host}/kv?timeoutMs=${timeoutMs}`), Date.now)
const nextTurn = (): Promise<unknown> => new Promise(setImmediate)

/** All nodes are lost, and the client is on its way back, held at a request. */
const cutUntilAsked = async (): Promise<() => void> => {
  const { held, release } = stub.hold(asked as Asked)
  stub.cut()
  await held
  return release
}

if (scene === 'answered-while-closing') {
  const { shutDown } = await open()
  const release = await cutUntilAsked()
  const closing = shutDown()
  release()
  await closing
}
if (scene === 'answered-after-closing') {
  const { shutDown } = await open()
  const release = await cutUntilAsked()
  await shutDown()
  release()
}
if (scene === 'cut-while-closing') {
  const { shutDown } = await open()
  const closing = shutDown()
  stub.cut()
  await closing
}
if (scene === 'asked-while-closing') {
  const { client, shutDown } = await open(60_000)
  const answer = client.execute('SELECT * FROM system.local', [], { prepare: false }).then(() => 'answered', () => 'refused')
  await shutDown()
  process.stdout.write(`${await answer}\n`)
}
if (scene === 'lost-often') {
  const { shutDown } = await open()
  for (let round = 1; round <= 8; round += 1) {
    const before = stub.countOf('register')
    stub.cut()
    // Once for the new connection, and once more when the library has looked at it again.
    while (stub.countOf('register') < before + 2) await nextTurn()
  }
  process.stdout.write(`${stub.countOf('register')} times\n`)
  await shutDown()
}
if (scene === 'never-opened') {
  const { held } = stub.hold(asked as Asked)
  const startMs = performance.now()
  const opening = open().then(() => 'opened', (thrown: Error & { code: string }) => thrown.code)
  await held
  process.stdout.write(`${await opening} after ${Math.round(performance.now() - startMs)} ms\n`)
}
