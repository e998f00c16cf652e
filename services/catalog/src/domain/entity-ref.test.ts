// The grammar of references.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findRef, formatRef } from './entity-ref.ts'

test('CA1 references: [kind:][namespace/]name with defaults for what is left out', () => {
  const show = (text: string, kind?: string): string | undefined => {
    const ref = findRef(text, { namespace: 'music', ...(kind === undefined ? {} : { kind }) })
    return ref && formatRef(ref)
  }
  assert.equal(show('Component:Default/Collector'), 'component:default/collector')
  assert.equal(show('collector', 'Component'), 'component:music/collector')
  assert.equal(show('other/collector', 'API'), 'api:other/collector')
  assert.equal(show('user:ada'), 'user:music/ada')
  assert.equal(show('collector'), undefined)
  for (const wrong of ['', 'a:b:c', 'a/b/c', ':x', '/x', 'k:', 'k:n/']) assert.equal(show(wrong, 'Component'), undefined, wrong)
})
