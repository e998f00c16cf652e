// What can break a world, in one table.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  unanswered: entry({
    code: 'WORLD_UNANSWERED',
    kind: 'unavailable',
    message: (d: { what: string; reason: string }) => `The platform did not answer the simulated listeners (${d.what}): ${d.reason}`,
    help: 'See the platform\'s log; the next start goes on from the last simulated hour.',
  }),
  refused: entry({
    code: 'WORLD_EVENTS_REFUSED',
    kind: 'invalid',
    message: (d: { status: string; type: string; id: string; reason: string }) => `The collector answered "${d.status}" to the simulated "${d.type}" "${d.id}": ${d.reason}`,
    help: 'Simulated events follow the example workspace: run the world with a workspace that has its event types.',
  }),
  workerStopped: entry({
    code: 'WORLD_STOPPED',
    kind: 'internal',
    message: (d: { exitCode: number }) => `The simulated world's thread ended with "${d.exitCode}".`,
  }),
})
