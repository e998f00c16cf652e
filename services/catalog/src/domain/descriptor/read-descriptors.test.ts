// What the linter says about good and bad descriptors, our own and real ones.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { readDescriptors } from './read-descriptors.ts'

const component = (extra: string, name = 'collector'): string => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
${extra}spec:
  type: service
  lifecycle: production
  owner: group:default/squad-events
`
const codes = (text: string): string[] => readDescriptors(text, 'x.yaml').problems.map(({ code, line, column }) => `${code} ${line}:${column}`)

test('CA2 a right descriptor has no problem and its namespace written out', () => {
  const { entities, problems } = readDescriptors(component(''), 'x.yaml')
  assert.deepEqual(problems, [])
  assert.deepEqual(entities.map(({ ref, line, usable }) => ({ ref, line, usable })), [{ ref: 'component:default/collector', line: 1, usable: true }])
  assert.equal(entities[0]?.entity.metadata.namespace, 'default')
})

test('CA3 problems name their place', () => {
  assert.deepEqual(codes(component('  tags: [Go, ok]\n')), ['TAG_INVALID 5:10'])
  assert.deepEqual(codes(component('  labels:\n    a b: x\n    tier: "a b"\n')), ['KEY_INVALID 6:10', 'LABEL_INVALID 7:11'])
  assert.deepEqual(codes(component('  annotations:\n    example.com/n: 3\n')), ['TEXT_EXPECTED 6:20'])
  assert.deepEqual(codes(component('  namespace: Music\n')), ['NAMESPACE_INVALID 5:14'])
  assert.deepEqual(codes(component('', 'two words')), ['NAME_INVALID 4:9'])
  assert.deepEqual(codes(component('').replace('  owner: group:default/squad-events\n', '')), ['FIELD_MISSING 6:3'])
  assert.deepEqual(codes(component('').replace('group:default/squad-events', 'a/b/c')), ['REF_INVALID 8:10'])
  assert.deepEqual(codes(`${component('')}  dependsOn: [track-played]\n`), ['REF_WITHOUT_KIND 9:15'])
})

test('CA3 broken YAML says where, and the other documents of the file still count', () => {
  assert.deepEqual(codes('kind: [\n'), ['YAML_INVALID 2:1'])
  assert.deepEqual(codes('a: 1\na: 2\n'), ['YAML_INVALID 2:1'])
  assert.deepEqual(codes('a:\n\t- b\n').map((code) => code.split(' ')[0]), ['YAML_INVALID'])
  const two = readDescriptors(`${component('')}---\nkind: [\n`, 'x.yaml')
  assert.deepEqual(two.entities.map(({ ref }) => ref), ['component:default/collector'])
  assert.deepEqual(codes('just text'), ['NOT_AN_ENTITY 1:1'])
  assert.deepEqual(codes(''), [])
  assert.deepEqual(codes(`---\n${component('')}---\n`), [])
})

test('CA3 YAML that would expand without end is refused', () => {
  const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]']
  for (let i = 1; i < 9; i += 1) lines.push(`a${i}: &a${i} [${Array(10).fill(`*a${i - 1}`).join(',')}]`)
  assert.deepEqual(codes(lines.join('\n')).map((code) => code.split(' ')[0]), ['YAML_INVALID'])
})

test('CA4 links that could run code are refused', () => {
  for (const url of ['javascript:alert(1)', ' JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', '"java\\tscript:alert(1)"']) {
    assert.deepEqual(codes(component(`  links:\n    - url: ${url}\n`)).map((code) => code.split(' ')[0]), ['LINK_UNSAFE'], url)
  }
  for (const url of ['https://example.com', 'http://localhost:7070/x', 'mailto:a@example.com', '/docs', 'docs/a.md']) assert.deepEqual(codes(component(`  links:\n    - url: ${url}\n`)), [], url)
})

test('CA5 an unknown kind is kept and flagged; a name declared twice in a file counts once', () => {
  const { entities, problems } = readDescriptors('apiVersion: example.com/v1\nkind: Robot\nmetadata: {name: r2}\n', 'x.yaml')
  assert.deepEqual(entities.map(({ ref, usable }) => [ref, usable]), [['robot:default/r2', true]])
  assert.deepEqual(problems.map(({ severity, code }) => [severity, code]), [['warning', 'KIND_UNKNOWN']])
  const twice = readDescriptors(`${component('')}---\n${component('')}`, 'x.yaml')
  assert.equal(twice.entities.length, 1)
  assert.deepEqual(twice.problems.map(({ code }) => code), ['ENTITY_TWICE'])
})

const samples = resolve(import.meta.dirname, '../../../../../../shared/data/backstage-descriptors')

test('CA6 real descriptors: the valid ones pass, the invalid ones are refused for the right reason', { skip: existsSync(samples) ? false : `${samples} is not there` }, () => {
  const expected: Record<string, string[]> = {
    'invalid-component': ['NAME_INVALID', 'TAG_INVALID'],
    'invalid-domain-entity': ['FIELD_MISSING'],
    'invalid-resource-entity': ['FIELD_MISSING'],
    'invalid-system-entity': ['FIELD_MISSING'],
    'catalog-info-with-empty-label': ['FIELD_MISSING'],
  }
  const files = readdirSync(samples).filter((file) => file.endsWith('.yaml'))
  assert.ok(files.length > 40)
  for (const file of files) {
    const { entities, problems } = readDescriptors(readFileSync(join(samples, file), 'utf8'), file)
    const errors = problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)
    const name = Object.keys(expected).find((part) => file.endsWith(`__${part}.yaml`))
    assert.deepEqual(errors, name === undefined ? [] : expected[name], file)
    assert.ok(entities.length > 0, file)
  }
})
