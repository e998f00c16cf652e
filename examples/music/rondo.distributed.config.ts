// The same product on engines, in two processes: Kafka, PostgreSQL, S3 and Cassandra instead of files. docs/guides/scale-out.md says when and how.
//
//   export RONDO_ADMIN_TOKEN=…   the same in both processes: they call each other with it
//   npx rondo serve events pipelines --config rondo.distributed.config.ts --port 7071 --data .rondo-events
//   npx rondo serve                  --config rondo.distributed.config.ts --port 7070 --data .rondo-rest
import { defineConfig } from 'rondo'

const { RONDO_EVENT_LOG, RONDO_RELATIONAL, RONDO_KEY_VALUE, RONDO_OBJECTS, RONDO_EVENTS_URL = 'http://127.0.0.1:7071' } = process.env

export default defineConfig({
  name: 'Music',
  account: 'rondo-music',
  world: 'off',
  // Without variables: what `npm run engines -- up kafka postgres s3 cassandra` starts.
  stores: {
    eventLog: RONDO_EVENT_LOG ?? 'kafka://127.0.0.1:19092',
    relational: RONDO_RELATIONAL ?? 'postgres://rondo@127.0.0.1:15432/rondo',
    keyValue: RONDO_KEY_VALUE ?? 'cassandra://127.0.0.1:19042/rondo',
    objects: RONDO_OBJECTS ?? 's3://rondo:rondo-secret@127.0.0.1:19010/rondo?region=us-east-1',
    analytics: 'duckdb:',
  },
  peers: { events: RONDO_EVENTS_URL, pipelines: RONDO_EVENTS_URL },
})
