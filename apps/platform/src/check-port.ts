// A port that is taken is found before the house is lit, and when another Rondo has it, that one is named.
import { toAppError } from '@rondo/errors'
import { isLoopback, toDescribedAccess, tryListen } from '@rondo/host'
import type { RawRoute } from '@rondo/contract'
import { errors } from './errors.ts'
import { listUrls } from './list-urls.ts'

const PATH = '/api/platform/house'
const PATIENCE_MS = 2_000

/** Throws PORT_IN_USE or CANNOT_LISTEN. Port 0 is always free. */
export async function checkPort(bind: string, port: number): Promise<void> {
  if (port === 0) return
  try {
    await tryListen({ host: bind, port })
  } catch (thrown) {
    if (toAppError(thrown).code !== 'PORT_IN_USE') throw thrown
    const url = listUrls(bind, port).at(-1) ?? ''
    const other = await findRondo(url)
    throw other === undefined ? thrown : errors.portOfRondo({ ...other, bind, port, url }, thrown)
  }
}

/** What another start asks when it finds its port taken: open to this machine, as all that describes the house is. Folder and process are for this machine only, and not for whoever comes through a proxy. */
export function createHouseRoute(workspace: string, folder: string, bind: string, publicUrl: string | undefined): RawRoute {
  const body = JSON.stringify({ rondo: { workspace, ...(isLoopback(bind) && publicUrl === undefined ? { folder, pid: process.pid } : {}) } })
  return { method: 'GET', path: PATH, access: toDescribedAccess(bind), handle: async () => ({ status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body }) }
}

/** Undefined when something else answers, or nothing. One that is bound to the outside says only that it is a Rondo. */
async function findRondo(url: string): Promise<{ workspace?: string; folder?: string; pid?: number } | undefined> {
  try {
    const answer = (await (await fetch(url + PATH, { signal: AbortSignal.timeout(PATIENCE_MS) })).json()) as { rondo?: { workspace: string; folder: string; pid: number }; type?: string }
    return answer.rondo ?? (answer.type?.startsWith('urn:rondo:problem:') === true ? {} : undefined)
  } catch {
    return undefined
  }
}
