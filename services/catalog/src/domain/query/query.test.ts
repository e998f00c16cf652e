// Backstage's query rules: lists transparent, keys and values without case, alternatives and conjunctions, projections.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entity } from '../entity.ts'
import { matchesFilter, parseFilter } from './filter.ts'
import { orderBy } from './order.ts'
import { parsePredicate } from './predicate.ts'
import { projectFields } from './project-fields.ts'
import { toSearchTerms } from './search-terms.ts'

const entity: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'Collector', namespace: 'default', tags: ['java', 'Go'], annotations: { 'backstage.io/view-url': 'https://x' }, labels: { tier: '1' } },
  spec: { type: 'service', empty: null, nested: [{ a: 1 }, { a: 2 }], long: 'x'.repeat(201), flag: true },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/squad-a' }],
}
const terms = toSearchTerms(entity)
const matches = (...params: string[]): boolean => matchesFilter(terms, parseFilter(params))

test('CA8 filter: keys, values, existence, lists, relations', () => {
  for (const param of ['kind=component', 'KIND=COMPONENT', 'metadata.tags=java', 'metadata.tags.go=true', 'metadata.annotations.backstage.io/view-url', 'spec.nested.a=2', 'relations.ownedBy=group:default/squad-a', 'metadata.name=collector', 'spec.flag=true', 'spec.empty', 'spec.long']) {
    assert.equal(matches(param), true, param)
  }
  for (const param of ['kind=api', 'spec.missing', 'spec.empty=null', `spec.long=${'x'.repeat(201)}`, 'metadata.tags=rust', 'spec.nested.a=3']) assert.equal(matches(param), false, param)
})

test('CA8 filter: parameters are alternatives, parts are conjunctions, a key twice is a choice', () => {
  assert.equal(matches(), true)
  assert.equal(matches('kind=api', 'kind=component'), true)
  assert.equal(matches('kind=component,spec.type=website'), false)
  assert.equal(matches('kind=component,spec.type=website,spec.type=service'), true)
  assert.throws(() => parseFilter(['=x']), /Invalid filter/)
})

test('CA9 predicate: $all, $any, $not, $in, $exists, $hasPrefix', () => {
  const test1 = (query: unknown): boolean => parsePredicate(query)(terms)
  assert.equal(test1({ kind: 'component', 'spec.type': { $in: ['website', 'Service'] } }), true)
  assert.equal(test1({ $any: [{ kind: 'api' }, { 'metadata.labels.tier': '1' }], $not: { 'spec.missing': { $exists: true } } }), true)
  assert.equal(test1({ $all: [{ kind: 'component' }, { 'metadata.name': { $hasPrefix: 'coll' } }] }), true)
  assert.equal(test1({ 'spec.missing': { $exists: false } }), true)
  assert.throws(() => parsePredicate({ $nor: [] }), /not known/)
  assert.throws(() => parsePredicate([]), /not an object/)
})

test('CA10 fields: nesting stays, dotted keys are found, what is missing is left out', () => {
  assert.deepEqual(projectFields(entity, ['kind', 'metadata.name', 'metadata.annotations.backstage.io/view-url', 'spec.none']), {
    kind: 'Component',
    metadata: { name: 'Collector', annotations: { 'backstage.io/view-url': 'https://x' } },
  })
  assert.deepEqual(projectFields(entity, ['metadata.labels', 'metadata.labels.tier']), { metadata: { labels: { tier: '1' } } })
  assert.equal(projectFields(entity, []), entity)
})

test('CA11 order: by lower case, both directions, without the field dropped or last', () => {
  const items = ['b', 'A', 'c'].map((type, at) => ({ ref: `r${at}`, terms: new Map([['spec.type', [type]]]) as ReturnType<typeof toSearchTerms> }))
  items.push({ ref: 'r9', terms: new Map() })
  const show = (order: 'asc' | 'desc', missing: 'drop' | 'last'): string => orderBy(items, [{ field: 'spec.type', order }], missing).map(({ ref }) => ref).join(' ')
  assert.equal(show('asc', 'drop'), 'r1 r0 r2')
  assert.equal(show('desc', 'last'), 'r2 r0 r1 r9')
})
