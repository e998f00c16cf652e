// Cassandra of a test's own.
import { queryCassandra } from '../definitions/query-cassandra.ts'
import { testOwnEngine } from './own-engine.ts'

testOwnEngine('cassandra', {
  write: (port) => queryCassandra(port, 'CREATE TABLE rondo.kept (key text PRIMARY KEY)'),
  read: async (port) => {
    await queryCassandra(port, 'SELECT key FROM rondo.kept')
    return true
  },
})
