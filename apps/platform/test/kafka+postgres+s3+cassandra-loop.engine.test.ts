// The loop of six simulated weeks once more, on four engines and in two processes. The world is the embedded one's, since LOOP4 needs its listeners to decide.
// Time is simulated: Kafka keeps what the caller's clock keeps (`retention=caller`), since by its own clock records of January are old at once; in Cassandra entries end by
// the clock of the house, and its own time-to-live, which counts real seconds from the write, only comes later.
import { checkLoop, SIX_WEEKS } from './loop-rules.ts'
import { findHouseEngines, makeOwnStores } from './own-stores.ts'
import { liveThrough } from './simulated-life.ts'

const { engines, skip } = findHouseEngines()

checkLoop('six simulated weeks on Kafka, PostgreSQL, S3 and Cassandra, in two processes', async () => {
  const own = await makeOwnStores(engines)
  const life = await liveThrough({ ...SIX_WEEKS, stores: own.stores, apart: ['events', 'pipelines'] })
  return {
    ...life,
    async [Symbol.asyncDispose]() {
      await life[Symbol.asyncDispose]()
      await own[Symbol.asyncDispose]()
    },
  }
}, { skip })
