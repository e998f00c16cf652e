// Backstage's routes of locations, over HTTP and over a restart.
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Log, Peer } from '@rondo/contract'
import { AppError } from '@rondo/errors'
import { createHost } from '@rondo/host'
import { openTestDatabase } from '@rondo/relational/testing'
import { createTempFolder, type TempFolder } from '@rondo/testing'
import { createManualClock } from '@rondo/time'
import { createCatalogService, type CatalogDeps } from '../src/index.ts'

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }
const alone: Peer = () => {
  throw new AppError({ code: 'NO_PEER', kind: 'unavailable', message: 'not here' })
}
const system = 'apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: shop}\nspec: {owner: squad-shop}\n'

async function open(folder: TempFolder) {
  const relational: CatalogDeps['relational'] = await openTestDatabase(folder.path, 'catalog')
  const service = await createCatalogService({ clock: createManualClock(Date.parse('2026-09-21T08:00:00Z')), log: silent, peer: alone, relational, sources: [], folder: folder.path })
  const host = createHost({ services: [service], authenticate: async (secret) => ({ kind: secret === 'admin' ? 'admin' : 'client', name: secret }), session: async () => undefined, log: silent, bind: '127.0.0.1', port: 0 })
  const { url } = await host.listen()
  let isClosed = false
  const call = async (method: string, path: string, body?: unknown, secret = 'admin'): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}/api/catalog${path}`, { method, headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  const close = async (): Promise<void> => {
    if (isClosed) return
    isClosed = true
    await host.close()
    await service.close()
    await relational.close()
  }
  return { call, close, [Symbol.asyncDispose]: close }
}

const failed = (name: string) => (answer: { body: unknown }): boolean => (answer.body as { error: { name: string } }).error.name === name

test('CA20 a location is tried, registered, found, refused twice, kept over a restart and taken away', async () => {
  await using folder = await createTempFolder()
  await mkdir(folder.join('shop'))
  await writeFile(folder.join('shop/catalog-info.yaml'), system)
  await using first = await open(folder)
  const place = { type: 'file', target: 'shop' }
  const dry = await first.call('POST', '/locations?dryRun=true', place)
  assert.equal(dry.status, 201)
  const tried = dry.body as { exists: boolean; location: unknown; entities: { metadata: { name: string } }[] }
  assert.deepEqual([tried.exists, tried.location, tried.entities.map(({ metadata }) => metadata.name)], [false, { id: 'file:shop', ...place }, ['shop']])
  assert.deepEqual((await first.call('GET', '/locations')).body, [])

  const made = await first.call('POST', '/locations', place)
  const { id } = (made.body as { location: { id: string } }).location
  assert.deepEqual([made.status, made.body], [201, { location: { id, ...place }, entities: [] }])
  assert.equal((await first.call('GET', '/entities/by-name/system/default/shop')).status, 200)
  const again = await first.call('POST', '/locations', place)
  assert.deepEqual([again.status, failed('ConflictError')(again)], [409, true])
  await first.close()

  await using house = await open(folder)
  const { call } = house
  assert.deepEqual((await call('GET', '/locations')).body, [{ data: { id, ...place } }])
  assert.deepEqual((await call('GET', `/locations/${id}`)).body, { id, ...place })
  assert.deepEqual((await call('GET', '/locations/by-entity/System/default/shop')).body, { id, ...place })
  assert.deepEqual((await call('POST', '/locations/by-query', { query: { type: 'file' }, limit: 1 })).body, { items: [{ id, ...place }], totalItems: 1, pageInfo: {} })
  assert.equal((await call('DELETE', `/locations/${id}`)).status, 204)
  for (const [method, path] of [['GET', `/locations/${id}`], ['DELETE', `/locations/${id}`], ['GET', '/locations/by-entity/System/default/shop'], ['GET', '/entities/by-name/system/default/shop']] as const) {
    const gone = await call(method, path)
    assert.deepEqual([gone.status, failed('NotFoundError')(gone)], [404, true], `${method} ${path}`)
  }
})

test('CA20 bad places are refused by name, an address of the web is kept and told, only an admin registers', async () => {
  await using folder = await createTempFolder()
  await using house = await open(folder)
  const { call } = house
  for (const body of [{ type: 'file' }, { type: 'ftp', target: 'x' }, { type: 'url', target: 'no url' }, { type: 'file', target: ' ' }]) {
    const answer = await call('POST', '/locations', body)
    assert.deepEqual([answer.status, failed('InputError')(answer)], [400, true], JSON.stringify(body))
  }
  assert.equal((await call('POST', '/locations?dryRun=true', { type: 'file', target: 'missing.yaml' })).status, 400)
  assert.equal((await call('POST', '/locations', { type: 'file', target: 'x' }, 'client')).status, 403)
  const url = 'https://github.com/acme/shop/blob/main/catalog-info.yaml'
  assert.equal((await call('POST', '/locations', { type: 'url', target: url })).status, 201)
  const { rows } = (await call('GET', '/v1/problems')).body as { rows: { code: string; file: string }[] }
  assert.deepEqual(rows.map(({ code, file }) => [code, file]), [['LOCATION_NOT_READ', url]])
})

test('CA20 analyze-location shows what a place declares, or a first descriptor', async () => {
  await using folder = await createTempFolder()
  await writeFile(folder.join('shop.yaml'), system)
  await using house = await open(folder)
  const { call } = house
  type Analysis = { existingEntityFiles: { location: { target: string }; isRegistered: boolean; entity: { kind: string } }[]; generateEntities: { entity: unknown; fields: unknown[] }[] }
  const found = (await call('POST', '/analyze-location', { location: { type: 'file', target: 'shop.yaml' } })).body as Analysis
  assert.deepEqual([found.existingEntityFiles.map(({ isRegistered, entity }) => [isRegistered, entity.kind]), found.generateEntities], [[[false, 'System']], []])
  const empty = (await call('POST', '/analyze-location', { location: { type: 'url', target: 'https://github.com/acme/shop.git' } })).body as Analysis
  assert.deepEqual(empty, { existingEntityFiles: [], generateEntities: [{ entity: { apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata: { name: 'shop', annotations: { 'github.com/project-slug': 'acme/shop' } }, spec: { type: 'other', lifecycle: 'unknown' } }, fields: [] }] })
  const wrong = await call('POST', '/analyze-location', { location: { type: 'url', target: 'nowhere' } })
  assert.deepEqual([wrong.status, failed('InputError')(wrong)], [400, true])
})
