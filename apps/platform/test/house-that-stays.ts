// `rondo serve catalog`, as a process, with a fault that its first word names: a room whose close never ends, or one that leaves something open behind it.
import { rooms } from '../src/rooms.ts'
import { main } from '../src/cli/main.ts'

const [fault, ...args] = process.argv.slice(2)
const room = rooms.find(({ name }) => name === 'catalog')
if (room !== undefined) {
  const { create } = room
  room.create = async (deps) => {
    const service = await create(deps)
    return {
      ...service,
      async close() {
        if (fault === 'never-closes') return new Promise<void>(() => {})
        await service.close()
        setInterval(() => {}, 1_000)
      },
    }
  }
}
process.exitCode = await main(['serve', 'catalog', ...args])
