// A process that dies at a named instant of publishing: the crash test starts it.
import { DAY_MS, HOUR_MS } from '@rondo/time'
import { listening } from './listening-set.ts'
import { ctx, MONDAY_MS, openRoom } from './open-room.ts'

const [folder = '', instant = ''] = process.argv.slice(2)
const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('unreachable')
}

let armed = false
const room = await openRoom(folder, {
  wrap: ({ objects, analytics, relational }) => ({
    objects: {
      ...objects,
      stage: async (key, call) => {
        if (armed && instant === 'claimed') die()
        const staged = await objects.stage(key, call)
        return {
          ...staged,
          publish: async () => {
            if (armed && instant === 'written') die()
            const info = await staged.publish()
            if (armed && instant === 'object-published') die()
            return info
          },
        }
      },
    },
    analytics,
    relational: {
      ...relational,
      transaction: async (work, call) => {
        const result = await relational.transaction(async (tx) => {
          const inner = await work(tx)
          if (armed && instant === 'before-commit') die()
          return inner
        }, call)
        if (armed && instant === 'committed') die()
        return result
      },
    },
  }),
})
const ada = { userId: 'ada', trackId: 't1', playedMs: 1 }
await room.api.putDefinitions({ body: listening }, ctx)
await room.events.land('track-played', MONDAY_MS, [ada])
room.clock.moveTo(MONDAY_MS + DAY_MS)
room.events.closeUntil(MONDAY_MS + DAY_MS)
await room.settle()
armed = true
// A restatement makes the day due again: the old partition stands while the new one is made.
await room.events.land('track-played', MONDAY_MS + HOUR_MS, [ada])
room.clock.moveTo(MONDAY_MS + 2 * DAY_MS)
room.events.closeUntil(MONDAY_MS + 2 * DAY_MS)
armed = true
await room.settle()
