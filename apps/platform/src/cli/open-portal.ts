// The portal's routes for a server: public on loopback, behind a session elsewhere. A portal that cannot be built stops nothing else.
import type { RawRoute } from '@rondo/contract'
import { toAppError } from '@rondo/errors'
import { isLoopback } from '@rondo/host'
import { buildPortal, createPortalRoutes } from '@rondo/portal'
import type { Terminal } from './terminal.ts'

export async function openPortal(bind: string, terminal: Terminal): Promise<{ built: boolean; routes: RawRoute[] }> {
  const access = isLoopback(bind) ? 'public' : 'read'
  try {
    const folder = await buildPortal({ onProgress: (text) => terminal.progress(text) })
    return { built: true, routes: createPortalRoutes(folder, { access }) }
  } catch (thrown) {
    const reason = toAppError(thrown).message
    terminal.say(`  The portal cannot be built; everything else runs:\n${reason}`)
    return { built: false, routes: [{ method: 'GET', path: '/', access, handle: async () => ({ status: 503, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `The portal could not be built:\n${reason}\n` }) }] }
  }
}
