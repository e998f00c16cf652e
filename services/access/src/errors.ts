// Errors of the access room.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  keyUnknown: entry({ code: 'KEY_NOT_FOUND', kind: 'not-found', message: (d: { id: string }) => `There is no key "${d.id}".`, help: 'List them with: rondo keys list' }),
  adminOnly: entry({
    code: 'ADMIN_KEY_NEEDED',
    kind: 'forbidden',
    message: (d: { act: string; kind: string }) => `A ${d.kind} key may not ${d.act}: it would give itself more than it was given.`,
    help: 'Use an admin token, a session of the portal, or `npx rondo keys` where Rondo runs.',
  }),
  nameTaken: entry({
    code: 'KEY_NAME_TAKEN',
    kind: 'conflict',
    message: (d: { kind: string; name: string }) => `A ${d.kind} key is already called "${d.name}".`,
    help: 'Choose another name, or revoke that key first.',
  }),
  scopeUnsupported: entry({
    code: 'SCOPE_UNSUPPORTED',
    kind: 'invalid',
    message: (d: { scope: string }) => `A key cannot be limited to the scope "${d.scope}": nothing would enforce it.`,
    help: 'Leave the scope out or give "*"; what a key may do is told by its kind.',
  }),
  tooManyFailures: entry({
    code: 'TOO_MANY_FAILURES',
    kind: 'limited',
    message: (d: { source: string; retryAfterMs: number }) => `Too many wrong secrets came from "${d.source}".`,
    help: (d) => `Try again in ${Math.ceil(d.retryAfterMs / 1000)} s.`,
  }),
  secretTooShort: entry({
    code: 'SECRET_TOO_SHORT',
    kind: 'invalid',
    message: (d: { field: string; length: number; least: number }) => `The value given for ${d.field} has ${d.length} characters; at least ${d.least} are needed.`,
    help: 'Make one with: openssl rand -base64 24',
  }),
  secretUsedTwice: entry({ code: 'SECRET_USED_TWICE', kind: 'conflict', message: (d: { field: string }) => `The value given for ${d.field} is already the secret of another key.`, help: 'Give every key its own secret.' }),
})
