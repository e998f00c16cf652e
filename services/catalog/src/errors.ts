// Errors of the catalog room.
import { defineErrors, entry } from '@rondo/errors'

export const errors = defineErrors({
  entityUnknown: entry({
    code: 'ENTITY_NOT_FOUND',
    kind: 'not-found',
    message: (d: { ref: string; near: string[] }) => `Nothing in the catalog is called "${d.ref}".`,
    help: (d) => (d.near.length === 0 ? 'Search for it: rondo catalog search WORD' : `Did you mean ${d.near.map((ref) => `"${ref}"`).join(' or ')}?`),
  }),
  refAmbiguous: entry({
    code: 'REF_AMBIGUOUS',
    kind: 'invalid',
    message: (d: { ref: string; matches: string[] }) => `"${d.ref}" could be ${d.matches.map((ref) => `"${ref}"`).join(' or ')}.`,
    help: 'Write the kind: kind:namespace/name',
  }),
})
