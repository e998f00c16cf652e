// Each reference gives an edge and its reverse.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entity } from '../entity.ts'
import { deriveRelations } from './derive-relations.ts'

const entity = (kind: string, name: string, spec: Record<string, unknown>): Entity => ({ apiVersion: 'backstage.io/v1alpha1', kind, metadata: { name, namespace: 'default' }, spec })

test('CA7 relations of every kind, both ways, sorted and each once', () => {
  const relations = deriveRelations([
    entity('Component', 'web', { owner: 'squad-a', system: 'sys', subcomponentOf: 'app', providesApis: ['api-1'], consumesApis: ['other/api-2'], dependsOn: ['resource:db', 'resource:db'] }),
    entity('System', 'sys', { owner: 'user:ada', domain: 'dom' }),
    entity('Domain', 'dom', { owner: 'squad-a', subdomainOf: 'top' }),
    entity('Group', 'squad-a', { type: 'squad', parent: 'tribe', children: ['crew'], members: ['bob'] }),
    entity('User', 'ada', { memberOf: ['squad-a'] }),
    entity('Resource', 'db', { owner: 'squad-a', dependencyOf: ['component:job'] }),
  ])
  const show = (ref: string): string[] => (relations.get(ref) ?? []).map(({ type, targetRef }) => `${type} ${targetRef}`)
  assert.deepEqual(show('component:default/web'), [
    'consumesApi api:other/api-2',
    'dependsOn resource:default/db',
    'ownedBy group:default/squad-a',
    'partOf component:default/app',
    'partOf system:default/sys',
    'providesApi api:default/api-1',
  ])
  assert.deepEqual(show('system:default/sys'), ['hasPart component:default/web', 'ownedBy user:default/ada', 'partOf domain:default/dom'])
  assert.deepEqual(show('group:default/squad-a'), [
    'childOf group:default/tribe',
    'hasMember user:default/ada',
    'hasMember user:default/bob',
    'ownerOf component:default/web',
    'ownerOf domain:default/dom',
    'ownerOf resource:default/db',
    'parentOf group:default/crew',
  ])
  assert.deepEqual(show('resource:default/db'), ['dependencyOf component:default/job', 'dependencyOf component:default/web', 'ownedBy group:default/squad-a'])
  assert.deepEqual(show('api:other/api-2'), ['apiConsumedBy component:default/web'])
})
