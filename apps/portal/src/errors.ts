// Everything that can go wrong while the portal is made ready.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  buildFailed: entry({
    code: 'PORTAL_BUILD_FAILED',
    kind: 'internal',
    message: (details: { reason: string }) => `The portal could not be built: ${details.reason}`,
    help: 'Fix the source named above and start again; `node_modules/.bin/tsc --noEmit -p tsconfig.web.json` shows all of them.',
  }),
})
