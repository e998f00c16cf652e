// A server that was asked to stop ends within a limit, whatever holds it: it says what, and what it acknowledged is durable.
import type { Terminal } from './terminal.ts'

const LIMIT_MS = 15_000

/** From `asked` on. `findOpen` says what is waited for; undefined once all is closed, when something else must be keeping the process. Ends it with 1. */
export function limitClosing(asked: Promise<void>, findOpen: () => string | undefined, terminal: Terminal): void {
  void asked.then(() => {
    setTimeout(() => {
      const open = findOpen()
      terminal.say(`${open === undefined ? 'All is closed, and something keeps the process' : `Still open: ${open}`} after ${LIMIT_MS / 1000} s (${countKinds(process.getActiveResourcesInfo())}). Ended; nothing acknowledged is lost, and the next start goes on from here.`)
      process.exit(1)
    }, LIMIT_MS).unref()
  })
}

/** "2 TCPSocketWrap, 1 Timeout" */
function countKinds(kinds: string[]): string {
  return [...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => `${all.length} ${kind}`).join(', ') || 'nothing that Node knows of'
}
