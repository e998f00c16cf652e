// Ports that nobody listens at now, for processes that must know each other's address before they start.
import { createServer } from 'node:net'

export async function findFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => new Promise<ReturnType<typeof createServer>>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => resolve(server))
    })),
  )
  return Promise.all(servers.map((server) => new Promise<number>((resolve) => {
    const address = server.address()
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
  })))
}
