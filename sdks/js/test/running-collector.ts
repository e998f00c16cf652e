// A real collector: `rondo serve events` as a process of its own, on a folder that goes away.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createTempFolder } from '@rondo/testing'

const CHECKOUT = join(import.meta.dirname, '../../..')
const KEYS = { RONDO_ADMIN_TOKEN: 'admin-token-of-tests', RONDO_WRITE_KEY: 'write-key-of-tests', RONDO_CLIENT_SECRET: 'client-secret-of-tests' }
export const WRITE_KEY = KEYS.RONDO_WRITE_KEY

export type DeliveredRow = { id: string; userId?: string | null; anonymousId?: string | null; occurredAt: string; properties: Record<string, unknown> }

export type RunningCollector = AsyncDisposable & {
  url: string
  /** What was delivered of "track-saved", oldest first. */
  listSaved(): Promise<DeliveredRow[]>
  countSaved(): Promise<{ accepted: number; delivered: number; duplicate: number; dead: number }>
}

export async function startCollector(): Promise<RunningCollector> {
  const folder = await createTempFolder()
  const child = spawn(process.execPath, [join(CHECKOUT, 'apps/platform/bin/rondo.ts'), 'serve', 'events', '--port', '0', '--data', folder.path, '--workspace', join(CHECKOUT, 'examples/music')], {
    env: { ...process.env, ...KEYS },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const closed = once(child, 'close')
  let said = ''
  let url = ''
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      said += `${line}\n`
      if (line.includes('listening')) url = /https?:\/\/[^\s"]+/.exec(line)?.[0] ?? ''
      if (line.includes('definitions in force')) resolve()
    })
    void closed.then(() => reject(new Error(`The collector ended:\n${said}`)))
  })
  const ask = async <T>(path: string): Promise<T[]> => {
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${KEYS.RONDO_ADMIN_TOKEN}` } })
    return ((await response.json()) as { rows: T[] }).rows
  }
  return {
    url,
    listSaved: () => ask('/api/events/v1/types/track-saved/events?order=asc&limit=1000'),
    async countSaved() {
      const [row] = await ask<Awaited<ReturnType<RunningCollector['countSaved']>>>('/api/events/v1/counts?type=track-saved')
      if (row === undefined) throw new Error('nothing counted')
      return row
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await closed
      await folder[Symbol.asyncDispose]()
    },
  }
}
