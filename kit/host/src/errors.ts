// What the host itself refuses.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  noCredentials: entry({
    code: 'UNAUTHENTICATED',
    kind: 'unauthenticated',
    message: (d: { path: string }) => `"${d.path}" needs a key that is known here, and none came.`,
    help: 'Send "Authorization: Bearer <key>". `npx rondo keys create --kind admin` makes one; `npx rondo keys link` opens the portal.',
  }),
  wrongKind: entry({
    code: 'FORBIDDEN',
    kind: 'forbidden',
    message: (d: { path: string; kind: string }) => `A ${d.kind} key may not call "${d.path}".`,
  }),
  noRoute: entry({ code: 'NO_ROUTE', kind: 'not-found', message: (d: { method: string; path: string }) => `Nothing answers ${d.method} "${d.path}".`, help: 'GET /api lists what there is.' }),
  wrongMethod: entry({
    code: 'WRONG_METHOD',
    kind: 'wrong-method',
    message: (d: { method: string; path: string; allow: string[] }) => `"${d.path}" does not answer ${d.method}.`,
    help: (d) => `It answers ${d.allow.join(', ')}.`,
  }),
  badJson: entry({ code: 'BAD_JSON', kind: 'invalid', message: (d: { reason: string }) => `The body is not JSON: ${d.reason}.` }),
  badEncoding: entry({ code: 'BAD_ENCODING', kind: 'invalid', message: (d: { encoding: string }) => `The body is not valid "${d.encoding}".`, help: 'gzip, deflate, br and zstd are read.' }),
  tooLarge: entry({ code: 'TOO_LARGE', kind: 'too-large', message: (d: { limitBytes: number }) => `The body is larger than ${d.limitBytes} bytes.` }),
  clientLeft: entry({ code: 'CANCELLED', kind: 'cancelled', message: (_: Record<string, never>) => 'The client left before its body was read.' }),
  foreignHost: entry({ code: 'FOREIGN_HOST', kind: 'forbidden', message: (d: { host: string }) => `This server answers only under its own name, not "${d.host}".` }),
  foreignOrigin: entry({ code: 'FOREIGN_ORIGIN', kind: 'forbidden', message: (d: { origin: string }) => `A page of "${d.origin}" may not act with your session.` }),
  portInUse: entry({
    code: 'PORT_IN_USE',
    kind: 'conflict',
    message: (d: { host: string; port: number }) => `Port ${d.port} on ${d.host} is taken by another program.`,
    help: (d) => `Stop it, or choose another: --port ${d.port + 1}`,
  }),
  cannotListen: entry({
    code: 'CANNOT_LISTEN',
    kind: 'invalid',
    message: (d: { host: string; port: number; reason: string }) => `This machine cannot listen at port ${d.port} of "${d.host}" (${d.reason}).`,
    help: 'Choose another: --host 127.0.0.1, or a --port from 1024 on.',
  }),
  closing: entry({ code: 'CLOSING', kind: 'unavailable', message: (_: Record<string, never>) => 'This server is stopping.' }),
})
