// The collector as the platform runs it: the room on embedded stores behind the host's HTTP, in a process of its own.
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { createCtx } from '@rondo/context'
import { openEventLog } from '@rondo/event-log'
import { createEventsService, EVENT_EXPANDERS, type EventsDb } from '@rondo/events'
import { createHost, createSilentLog } from '@rondo/host'
import { createIds } from '@rondo/ids'
import { openObjects } from '@rondo/objects'
import { createRandom } from '@rondo/random'
import { openRelational } from '@rondo/relational'
import { systemClock } from '@rondo/time'
import { answerParent } from './child.ts'
import { trackPlayed, WRITE_KEY } from './make-bodies.ts'

if (import.meta.main) {
  const folder = process.argv[2] as string
  const ctx = createCtx({ principal: { kind: 'admin', name: 'bench' } })
  const log = createSilentLog()
  const eventLog = await openEventLog(`file:${join(folder, 'log')}`, { expand: EVENT_EXPANDERS })
  const objects = await openObjects(`file:${join(folder, 'objects')}`)
  const relational = await openRelational<EventsDb>(`sqlite:${join(folder, 'events.db')}`)
  // As costly as the real one, which hashes the secret and finds the hash in memory.
  const keys = new Map([[hash('sha256', WRITE_KEY), { kind: 'write', name: 'bench' } as const]])
  const authenticate = async (secret: string) => keys.get(hash('sha256', secret))
  const deps = { clock: systemClock, ids: createIds(systemClock, createRandom(1)), log, authenticate, eventLog, objects, relational, masterKey: Buffer.alloc(32, 7) }
  const service = await createEventsService(deps, { scanKernel: 'first' })
  await service.api.putType({ type: trackPlayed.name, body: trackPlayed }, ctx)
  const host = createHost({ services: [service], authenticate, session: async () => undefined, log, bind: '127.0.0.1', port: 0 })
  const { port } = await host.listen()
  answerParent(
    async ({ land }) => {
      // Nobody asks the collector for its counts while it is measured; they tell afterwards that all of it was stored.
      if (land === true) for (let done = 1; done > 0; ) for (const job of ((done = 0), service.jobs ?? [])) done += await job.run(ctx)
      const { rows } = await service.api.counts({}, ctx)
      return { port, delivered: rows.reduce((sum, row) => sum + row.accepted, 0) }
    },
    async () => {
      await host.close()
      await service.close()
      await eventLog.close()
      await relational.close()
      await objects.close()
    },
  )
}
