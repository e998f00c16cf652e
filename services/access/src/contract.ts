// The door of the access room: keys that programs show, and the audit of what was written.
import { defineContract, orNull, rowsOf } from '@rondo/contract'
import { Type, type Static } from 'typebox'

export const KeyKind = Type.Enum(['admin', 'write', 'client', 'service'])

/** A key without its secret. Instants are ISO 8601; null where it never happened. */
export const Key = Type.Object({
  id: Type.String(),
  kind: KeyKind,
  name: Type.String(),
  scope: Type.String({ description: '"*": all that its kind may. Another text, in a key of an earlier version, limits nothing' }),
  /** The readable beginning of the secret, for instance "rk_write_4fQz". */
  prefix: Type.String(),
  createdAt: Type.String(),
  createdBy: Type.String(),
  expiresAt: orNull(Type.String()),
  lastUsedAt: orNull(Type.String()),
  revokedAt: orNull(Type.String()),
})

/** One line of the append-only audit. */
export const AuditRow = Type.Object({
  id: Type.String(),
  at: Type.String(),
  actor: Type.String(),
  action: Type.String(),
  subject: Type.String(),
  detail: Type.String(),
})

export const NewKey = Type.Object(
  {
    kind: KeyKind,
    name: Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]*$' }),
    scope: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Only "*", as if left out; any other is refused, for nothing would enforce it' })),
    expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
  },
  { additionalProperties: false },
)

export const keysContract = defineContract({
  service: 'keys',
  base: '/api/keys/v1',
  routes: {
    createKey: {
      method: 'POST',
      path: '/keys',
      summary: 'Makes a key; its secret is in this answer and never again',
      access: 'admin',
      status: 201,
      body: NewKey,
      result: Type.Object({ ...Key.properties, secret: Type.String() }),
    },
    listKeys: { method: 'GET', path: '/keys', summary: 'Every key, newest first, revoked ones too', access: 'admin', result: rowsOf(Key) },
    revokeKey: {
      method: 'DELETE',
      path: '/keys/{id}',
      summary: 'Refuses a key from now on; again is no error',
      access: 'admin',
      params: Type.Object({ id: Type.String() }),
      result: Key,
    },
    createLink: {
      method: 'POST',
      path: '/links',
      summary: 'A token that lets one browser in as admin, once, within a day: open /sign-in?link=<token>',
      access: 'admin',
      status: 201,
      result: Type.Object({ token: Type.String(), expiresAt: Type.String() }),
    },
    listAudit: {
      method: 'GET',
      path: '/audit',
      summary: 'Who changed what, newest first',
      access: 'admin',
      query: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })) }),
      result: rowsOf(AuditRow),
    },
  },
})

export type KeyKind = Static<typeof KeyKind>
export type Key = Static<typeof Key>
export type AuditRow = Static<typeof AuditRow>
export type NewKey = Static<typeof NewKey>
