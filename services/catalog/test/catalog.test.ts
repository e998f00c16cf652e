// The catalog through its doors: files in a folder, rooms that answer or fail, and Backstage's API over HTTP.
import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import { createLocalClient, type Log, type Peer } from '@rondo/contract'
import { AppError } from '@rondo/errors'
import { createHost } from '@rondo/host'
import { openTestDatabase } from '@rondo/relational/testing'
import { createTempFolder, type TempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { findDescriptorFiles } from '../src/files/find-descriptor-files.ts'
import { readDescriptorFiles, type FileReading } from '../src/files/read-descriptor-files.ts'
import { catalogContract, createCatalogService, type CatalogDeps } from '../src/index.ts'

const START_MS = Date.parse('2026-09-21T08:00:00Z')
const ctx = createCtx({ principal: { kind: 'admin', name: 'Ada' } })
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }
const pulse = { holds: '', rate: '1,842 /s', lagMs: 5, state: 'healthy', notes: [{ at: '2026-09-21T07:00:00Z' }], attention: [] }

const org = `apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: squad-events, description: Events}
spec: {type: squad, children: []}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ada}
spec: {profile: {displayName: Ada Lovelace}, memberOf: [squad-events]}
`
const component = (name: string, owner = 'squad-events'): string => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
  tags: [typescript]
spec:
  type: service
  lifecycle: production
  owner: ${owner}
`

type Rooms = { answers: Record<string, Record<string, () => unknown>> }

async function open(folder: TempFolder, rooms: Rooms = { answers: {} }, sources = ['org/*.yaml', '*/*/catalog-info.yaml']) {
  const clock = createManualClock(START_MS)
  const relational: CatalogDeps['relational'] = await openTestDatabase(folder.path, 'catalog')
  const peer: Peer = (contract) => {
    const answers = rooms.answers[contract.service]
    if (answers === undefined) throw new AppError({ code: 'NO_PEER', kind: 'unavailable', message: 'not here' })
    return new Proxy({}, { get: (_target, name) => async () => answers[String(name)]?.() ?? { rows: [] } }) as never
  }
  const service = await createCatalogService({ clock, log: silent, peer, relational, sources, folder: folder.path })
  const close = async (): Promise<void> => {
    await service.close()
    await relational.close()
  }
  const refresh = async (): Promise<void> => void (await service.raw?.find(({ path }) => path.endsWith('/refresh'))?.handle({ method: 'POST', url: '', params: {}, query: new URLSearchParams(), headers: {}, body: Buffer.from('{}') }, ctx))
  return { clock, service, catalog: createLocalClient(catalogContract, service.api), close, refresh }
}

async function write(folder: TempFolder, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(folder.join(name, '..'), { recursive: true })
    await writeFile(folder.join(name), text)
  }
}

test('CA12 files become a table with owners, facets that react to each other, and relations', async () => {
  await using folder = await createTempFolder()
  await write(folder, { 'org/all.yaml': org, 'services/a/catalog-info.yaml': component('a'), 'services/b/catalog-info.yaml': component('b', 'squad-nobody') })
  const { catalog, close } = await open(folder)
  const { rows, total, facets } = await catalog.listEntities({ kind: 'Component' }, ctx)
  assert.equal(total, 2)
  assert.deepEqual(rows.map(({ ref, ownerName, source, path, problems }) => ({ ref, ownerName, source, path, problems })), [
    { ref: 'component:default/a', ownerName: 'squad-events', source: 'file', path: '/catalog/component/default/a', problems: 0 },
    { ref: 'component:default/b', ownerName: 'squad-nobody', source: 'file', path: '/catalog/component/default/b', problems: 1 },
  ])
  assert.deepEqual(facets.kind, [{ value: 'Component', count: 2 }, { value: 'Group', count: 1 }, { value: 'User', count: 1 }])
  assert.deepEqual(facets.owner, [{ value: 'squad-events', count: 1 }, { value: 'squad-nobody', count: 1 }])
  assert.deepEqual((await catalog.listProblems({}, ctx)).rows.map(({ code, file, line }) => [code, file, line]), [['OWNER_UNKNOWN', 'services/b/catalog-info.yaml', 1]])

  const squad = await catalog.getEntity({ ref: 'squad-events' }, ctx)
  assert.deepEqual(squad.relations.map(({ type, targetTitle, known }) => [type, targetTitle, known]), [['hasMember', 'Ada Lovelace', true], ['ownerOf', 'a', true]])
  assert.equal(squad.file, 'org/all.yaml')
  await assert.rejects(catalog.getEntity({ ref: 'squad-event' }, ctx), { code: 'ENTITY_NOT_FOUND', help: 'Did you mean "group:default/squad-events"?' })
  const [owner] = (await catalog.listOwners({}, ctx)).rows
  assert.deepEqual({ name: owner?.name, members: owner?.members.map(({ title }) => title), owns: owner?.owns }, { name: 'squad-events', members: ['Ada Lovelace'], owns: [{ kind: 'service', count: 1 }] })
  const summary = await catalog.summary({}, ctx)
  assert.deepEqual([summary.entities, summary.owners, summary.withoutOwner, summary.problems], [4, 1, 0, 1])
  await close()
})

test('CA13 a broken file keeps its last good form and says why, also over a restart; a removed one is gone', async () => {
  await using folder = await createTempFolder()
  const file = 'services/a/catalog-info.yaml'
  await write(folder, { 'org/all.yaml': org, [file]: component('a') })
  const first = await open(folder)
  await write(folder, { [file]: component('a').replace('kind: Component', 'kind: [') })
  await first.refresh()
  for (const { catalog, close } of [first, await open(folder)]) {
    const { row, problems } = await catalog.getEntity({ ref: 'component:default/a' }, ctx)
    assert.equal(row.ownerName, 'squad-events')
    assert.deepEqual(problems.map(({ code, file: where, line }) => [code, where, line]), [['YAML_INVALID', file, 3]])
    assert.match(problems[0]?.help ?? '', /last good form/)
    assert.equal((await catalog.pulse({}, ctx)).attention.length > 0, true)
    await close()
  }
  await rm(folder.join(file))
  const third = await open(folder)
  await assert.rejects(third.catalog.getEntity({ ref: 'component:default/a' }, ctx), { code: 'ENTITY_NOT_FOUND' })
  await third.close()
})

test('CA21 a file that did not change is not parsed again, a changed one of the same size is, also over a restart', async () => {
  await using folder = await createTempFolder()
  const file = 'services/a/catalog-info.yaml'
  await write(folder, { 'org/all.yaml': org, [file]: component('a') })
  const [first] = await readDescriptorFiles([file], folder.path)
  const [again] = await readDescriptorFiles([file], folder.path, new Map([[first?.file ?? '', first as FileReading]]))
  assert.equal(again, first)
  await (await open(folder)).close()
  await write(folder, { [file]: component('b') })
  const { catalog, close } = await open(folder)
  assert.deepEqual((await catalog.listEntities({ kind: 'Component' }, ctx)).rows.map(({ name }) => name), ['b'])
  await close()
})

test('CA15 a glob finds what a shell would find, node_modules aside', async () => {
  await using folder = await createTempFolder()
  await write(folder, Object.fromEntries(['a/x.yaml', 'b.c/x.yaml', '.dot/x.yaml', 'node_modules/x.yaml', 'a/y.yml', 'a/deep/x.yaml'].map((name) => [name, ''])))
  const find = async (...sources: string[]): Promise<string[]> => (await findDescriptorFiles(sources, folder.path)).map((file) => file.slice(folder.path.length + 1))
  assert.deepEqual(await find('*/x.yaml'), ['a/x.yaml', 'b.c/x.yaml'])
  assert.deepEqual(await find('?/*.y*ml'), ['a/x.yaml', 'a/y.yml'])
  assert.deepEqual(await find('**/deep/x.yaml', '.*/x.yaml', 'none/*.yaml', 'missing.yaml'), ['.dot/x.yaml', 'a/deep/x.yaml', 'missing.yaml'])
})

test('CA14 two files that declare the same thing: the first counts, the second is told', async () => {
  await using folder = await createTempFolder()
  await write(folder, { 'org/all.yaml': org, 'services/a/catalog-info.yaml': component('same'), 'services/b/catalog-info.yaml': component('same') })
  const { catalog, close } = await open(folder)
  assert.deepEqual((await catalog.listProblems({}, ctx)).rows.map(({ code, file }) => [code, file]), [['ENTITY_CONFLICT', 'services/b/catalog-info.yaml']])
  assert.equal((await catalog.getEntity({ ref: 'component:same' }, ctx)).file, 'services/a/catalog-info.yaml')
  await close()
})

test('CA15 a Location leads to other files, and a change of a file is read by the next job', async () => {
  await using folder = await createTempFolder()
  const location = 'apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: house}\nspec: {type: file, targets: [./org/*.yaml, ./services/*/catalog-info.yaml, ./missing.yaml]}\n'
  await write(folder, { 'catalog-info.yaml': location, 'org/all.yaml': org, 'services/a/catalog-info.yaml': component('a') })
  const { catalog, service, close } = await open(folder, undefined, ['catalog-info.yaml'])
  assert.equal((await catalog.getEntity({ ref: 'a' }, ctx)).row.ownerName, 'squad-events')
  assert.deepEqual((await catalog.listProblems({}, ctx)).rows.map(({ code, file }) => [code, file]), [['FILE_MISSING', 'missing.yaml']])
  const run = service.jobs?.[0]?.run
  assert.equal(await run?.(ctx), 0)
  await write(folder, { 'services/a/catalog-info.yaml': component('renamed') })
  let found = 0
  for (let i = 0; i < 2000 && found === 0; i += 1) {
    await new Promise((done) => setImmediate(done))
    found = (await run?.(ctx)) ?? 0
  }
  assert.equal((await catalog.getEntity({ ref: 'renamed' }, ctx)).row.kind, 'Component')
  await close()
})

test('CA18 a graph is a neighbourhood by depth, folds what is alike, and a crowd by owner', async () => {
  await using folder = await createTempFolder()
  const part = (name: string, spec: string): string => component(name).trimEnd() + `\n  ${spec}\n`
  const files = (many: number): Record<string, string> => ({
    'org/all.yaml': org,
    'services/hub/catalog-info.yaml': part('hub', 'dependsOn: [component:base]'),
    'services/base/catalog-info.yaml': component('base'),
    ...Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`services/leaf-${at}/catalog-info.yaml`, part(`leaf-${at}`, 'dependsOn: [component:hub]')])),
    ...Object.fromEntries(Array.from({ length: many }, (_, at) => [`services/chain-${at}/catalog-info.yaml`, part(`chain-${at}`, `dependsOn: [component:${at === 0 ? 'base' : `chain-${at - 1}`}]`)])),
  })
  await write(folder, files(3))
  const { catalog, close, refresh } = await open(folder)
  const near = await catalog.graph({ ref: 'component:default/hub', relations: 'depends' }, ctx)
  assert.deepEqual(near.nodes.map(({ title, distance, count }) => [title, distance, count]), [['hub', 0, 1], ['base', 1, 1], ['5 services', 1, 5]])
  assert.deepEqual(near.edges, [{ from: 'component:default/hub', to: 'alike component:default/leaf-0', type: 'dependsOn' }, { from: 'component:default/base', to: 'component:default/hub', type: 'dependsOn' }])
  assert.deepEqual([near.related, near.hidden], [7, 0])
  const far = await catalog.graph({ ref: 'component:default/hub', relations: 'depends', depth: 3, most: 4 }, ctx)
  assert.deepEqual([far.nodes.length, far.related, far.hidden], [4, 9, 1])
  assert.equal((await catalog.graph({ relations: 'depends' }, ctx)).foldedBy, null)
  await assert.rejects(catalog.graph({ ref: 'component:default/none' }, ctx), { code: 'ENTITY_NOT_FOUND' })

  await write(folder, files(1_000))
  await refresh()
  const all = await catalog.graph({}, ctx)
  assert.deepEqual([all.foldedBy, all.nodes.map(({ title, count }) => [title, count])], ['owner', [['squad-events', 1_007], ['Nobody', 1]]])
  const squad = await catalog.graph({ ref: 'group:default/squad-events' }, ctx)
  assert.deepEqual([squad.nodes.length, squad.related, squad.hidden > 900], [60, 1_009, true])
  await close()
})

test('CA16 CA19 what the rooms run is there with its facts; a room that fails leaves only the facts out', async () => {
  await using folder = await createTempFolder()
  await write(folder, { 'org/all.yaml': org, 'services/events/catalog-info.yaml': component('rondo-events') })
  const rooms: Rooms = {
    answers: {
      events: {
        listTypes: () => ({ rows: [{ type: 'track-played', owner: 'squad-events', description: 'A play', slo: 'gold', ratePerHour: 120, lastEventAt: '2026-09-21T07:59:00Z', state: 'healthy', landingLagMs: 0 }] }),
        pulse: () => pulse,
      },
      pipelines: {
        listEndpoints: () => ({
          rows: [
            { name: 'track-played', kind: 'event' },
            { name: 'listening-daily', kind: 'derived', partition: 'daily', owner: 'squad-data', description: 'd', state: 'late', pipeline: 'listening-daily', lastPartition: '2026-09-19', lastPublishedAt: '2026-09-20T00:40:00Z', rows: 10, late: ['2026-09-20'], predicted: { dueAt: '2026-09-21T07:00:00Z', landsAt: '2026-09-21T09:00:00Z', late: true } },
          ],
        }),
        listPipelines: () => ({ rows: [{ name: 'listening-daily', owner: 'squad-data', description: 'd', output: 'listening-daily', inputs: ['track-played'] }] }),
      },
      experiments: {
        listExperiments: () => ({ rows: [{ id: 'weekly-shelf', owner: 'squad-events', hypothesis: 'h', flag: 'weekly-shelf', state: 'running', day: 3, days: 14, startedAt: '2026-09-18T00:00:00Z', stoppedAt: null, asOf: null, verdict: { decision: 'not-yet', sentence: 'Not yet.' }, definition: { success: ['plays'], guardrails: [] } }] }),
        listMetrics: () => ({ rows: [{ name: 'plays', endpoint: 'listening-daily' }] }),
        listFlags: () => ({ rows: [{ key: 'weekly-shelf', owner: 'squad-events', state: 'live', updatedAt: '2026-09-18T00:00:00Z', experiments: ['weekly-shelf'], definition: {} }] }),
      },
      recommendations: {
        listUsers: () => ({ rows: [{ user: 'user-track', plays: 3 }] }),
        listModelDefinitions: () => ({ rows: [{ name: 'discover-weekly', owner: 'squad-discovery', description: 'd', learnsFrom: ['listening-daily'], follows: ['track-played'] }] }),
        listModels: () => ({ rows: [{ name: 'discover-weekly', trainedAt: '2026-09-21T00:50:00Z', users: 1_204, items: 3_112, provisional: false }] }),
        pulse: () => pulse,
      },
    },
  }
  const { catalog, clock, close } = await open(folder, rooms)
  const { rows } = await catalog.listEntities({}, ctx)
  const show = rows.filter(({ source }) => source === 'live').map(({ ref, type, path, facts }) => [ref, type, path, facts.state, facts.note])
  assert.deepEqual(show, [
    ['component:default/discover-weekly', 'model', '/recommendations', 'healthy', 'knows 1,204 listeners, 3,112 tracks'],
    ['component:default/listening-daily', 'data-pipeline', '/data/listening-daily', 'late', 'Sat 19 Sep, 10 rows'],
    ['resource:default/listening-daily', 'data-endpoint', '/data/listening-daily', 'late', 'Sat 19 Sep, 10 rows'],
    ['resource:default/track-played', 'event-type', '/events/track-played', 'healthy', '120 in the last hour'],
    ['component:default/weekly-shelf', 'feature-flag', '/catalog/component/default/weekly-shelf', 'running', 'in weekly-shelf'],
    ['component:default/weekly-shelf-experiment', 'experiment', '/experiments/weekly-shelf', 'running', 'day 3 of 14'],
  ])
  assert.equal(rows.find(({ ref }) => ref === 'resource:default/listening-daily')?.facts.latenessMs, 3_600_000)
  const declared = rows.find(({ ref }) => ref === 'component:default/rondo-events')
  assert.deepEqual([declared?.facts.state, declared?.facts.note, declared?.facts.asOf], ['healthy', '1,842 /s', '2026-09-21T08:00:00.000Z'])
  assert.deepEqual((await catalog.getEntity({ ref: 'resource:listening-daily' }, ctx)).relations.map(({ type, targetRef }) => `${type} ${targetRef}`), [
    'dependencyOf component:default/discover-weekly',
    'dependencyOf component:default/weekly-shelf-experiment',
    'dependsOn component:default/listening-daily',
    'ownedBy group:default/squad-data',
  ])
  assert.deepEqual((await catalog.search({ q: 'track' }, ctx)).rows.map(({ title, kind, path }) => [title, kind, path]), [
    ['track-played', 'event-type', '/events/track-played'],
    ['user-track', 'listener', '/listeners/user-track'],
  ])

  delete rooms.answers['events']
  clock.advance(3_000)
  const later = (await catalog.listEntities({ type: 'event-type' }, ctx)).rows
  assert.deepEqual(later.map(({ ref, facts }) => [ref, facts.state, facts.note]), [['resource:default/track-played', null, 'events does not answer']])
  await close()
})

test('CA17 Backstage’s API over HTTP', async () => {
  await using folder = await createTempFolder()
  const names = Array.from({ length: 5 }, (_, at) => `part-${at}`)
  await write(folder, { 'org/all.yaml': org, ...Object.fromEntries(names.map((name) => [`services/${name}/catalog-info.yaml`, component(name)])) })
  const { service, close } = await open(folder)
  const host = createHost({ services: [service], authenticate: async (secret) => (secret === 'good' ? { kind: 'admin', name: 'a' } : undefined), session: async () => undefined, log: silent, bind: '127.0.0.1', port: 0 })
  const { url } = await host.listen()
  const call = async (path: string, init: { method?: string; body?: unknown } = {}): Promise<{ status: number; body: unknown; headers: Headers }> => {
    const response = await fetch(`${url}/api/catalog${path}`, {
      method: init.method ?? 'GET',
      headers: { authorization: 'Bearer good', 'content-type': 'application/json' },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers }
  }
  const namesOf = (body: unknown): string[] => (body as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)
  try {
    assert.equal((await fetch(`${url}/api/catalog/entities`)).status, 401)
    assert.deepEqual(namesOf((await call('/entities?filter=kind=component&order=desc:metadata.name')).body), names.toReversed())
    assert.deepEqual((await call('/entities?filter=kind=group&fields=kind,metadata.name')).body, [{ kind: 'Group', metadata: { name: 'squad-events' } }])
    const limited = await call('/entities?filter=kind=component&limit=2&order=asc:metadata.name')
    assert.deepEqual(namesOf(limited.body), ['part-0', 'part-1'])
    const next = /<([^>]+)>; rel="next"/.exec(limited.headers.get('link') ?? '')?.[1] ?? ''
    assert.deepEqual(namesOf((await call(next.replace('/api/catalog', ''))).body), ['part-2', 'part-3'])

    type Page = { items: { metadata: { name: string } }[]; totalItems: number; pageInfo: { nextCursor?: string; prevCursor?: string } }
    const page = (await call('/entities/by-query?filter=kind=component&limit=2&orderField=metadata.name,asc')).body as Page
    assert.deepEqual([page.totalItems, namesOf(page.items), page.pageInfo.prevCursor], [5, ['part-0', 'part-1'], undefined])
    const second = (await call('/entities/by-query', { method: 'POST', body: { cursor: page.pageInfo.nextCursor } })).body as Page
    assert.deepEqual(namesOf(second.items), ['part-2', 'part-3'])
    const last = (await call(`/entities/by-query?cursor=${encodeURIComponent(second.pageInfo.nextCursor ?? '')}`)).body as Page
    assert.deepEqual([namesOf(last.items), last.pageInfo.nextCursor], [['part-4'], undefined])
    const text = (await call('/entities/by-query?fullTextFilterTerm=PART-3&fullTextFilterFields=metadata.name,metadata.title')).body as Page
    assert.deepEqual(namesOf(text.items), ['part-3'])
    const query = (await call('/entities/by-query', { method: 'POST', body: { query: { kind: 'component', $not: { 'metadata.name': { $in: ['part-0', 'part-1'] } } }, orderBy: [{ field: 'metadata.name', order: 'desc' }] } })).body as Page
    assert.deepEqual(namesOf(query.items), ['part-4', 'part-3', 'part-2'])

    const refs = (await call('/entities/by-refs', { method: 'POST', body: { entityRefs: ['component:default/part-1', 'component:default/none'], fields: ['metadata.name'] } })).body
    assert.deepEqual(refs, { items: [{ metadata: { name: 'part-1' } }, null] })
    const one = (await call('/entities/by-name/component/default/part-1')).body as { relations: unknown; metadata: { uid: string; annotations: Record<string, string> } }
    assert.deepEqual(one.relations, [{ type: 'ownedBy', targetRef: 'group:default/squad-events' }])
    assert.match(one.metadata.uid, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
    const missing = await call('/entities/by-name/component/default/none')
    assert.equal(missing.status, 404)
    assert.equal((missing.body as { error: { name: string } }).error.name, 'NotFoundError')
    assert.deepEqual((await call('/entity-facets?facet=kind&facet=metadata.tags')).body, {
      facets: { kind: [{ value: 'Component', count: 5 }, { value: 'Group', count: 1 }, { value: 'User', count: 1 }], 'metadata.tags': [{ value: 'typescript', count: 5 }] },
    })
    assert.deepEqual((await call('/entity-facets', { method: 'POST', body: { facets: ['kind'], query: { 'metadata.tags': 'typescript' } } })).body, { facets: { kind: [{ value: 'Component', count: 5 }] } })
    assert.deepEqual((await call('/entities/by-refs', { method: 'POST', body: { entityRefs: ['component:default/part-1'], query: { kind: 'Group' } } })).body, { items: [null] })
    for (const path of ['/entities?limit=x', '/entities?order=name', '/entities/by-query?cursor=nonsense', '/entities?filter==x', '/entity-facets']) {
      const { status, body } = await call(path)
      assert.deepEqual([status, (body as { error: { name: string } }).error.name], [400, 'InputError'], path)
    }
    const entity = { apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata: { name: 'x' }, spec: { type: 'service', lifecycle: 'production', owner: 'a' } }
    assert.equal((await call('/validate-entity', { method: 'POST', body: { entity, location: 'url:https://example.com/x' } })).status, 200)
    const wrong = await call('/validate-entity', { method: 'POST', body: { entity: { ...entity, metadata: { name: 'x y' } }, location: 'url:https://example.com/x' } })
    assert.deepEqual([wrong.status, (wrong.body as { errors: unknown[] }).errors.length], [400, 1])
    await write(folder, { 'services/new/catalog-info.yaml': component('new') })
    assert.equal((await call('/refresh', { method: 'POST', body: { entityRef: 'component:default/part-1' } })).status, 200)
    assert.equal((await call('/entities/by-name/component/default/new')).status, 200)
  } finally {
    await host.close()
    await close()
  }
})
