// Backstage's routes of locations: register, list and take away places with descriptors; look at one before.
import type { Ctx } from '@rondo/context'
import type { RawRequest, RawResponse, RawRoute } from '@rondo/contract'
import { fingerprint } from '@rondo/hash'
import type { CatalogState } from '../catalog-state.ts'
import { formatRef } from '../domain/entity-ref.ts'
import { parsePredicate } from '../domain/query/predicate.ts'
import { suggestEntity } from '../domain/suggest-entity.ts'
import type { RegisteredLocation } from '../store/location-store.ts'
import { answer, BackstageError, readJson, refusing, toJsonAnswer } from './backstage-answer.ts'

const BASE = '/api/catalog'
const PAGE = 100
const types = ['file', 'url']

export function createLocationRoutes(state: CatalogState): RawRoute[] {
  const route = (method: RawRoute['method'], path: string, access: RawRoute['access'], handle: (request: RawRequest, ctx: Ctx) => Promise<RawResponse>): RawRoute => ({ method, path: BASE + path, access, handle: (request, ctx) => answer(request, () => handle(request, ctx)) })
  const find = async (id: string): Promise<RegisteredLocation> => {
    const found = (await state.locations.list()).find((location) => location.id === id)
    if (found === undefined) throw new BackstageError('NotFoundError', `Found no location with ID ${id}`)
    return found
  }
  return [
    route('GET', '/locations', 'read', async () => toJsonAnswer((await state.locations.list()).map((data) => ({ data })))),
    route('POST', '/locations', 'admin', async (request, ctx) => {
      const { type, target } = readLocation(readJson(request))
      const isDry = /^(true|1|yes|y|on)$/i.test(request.query.get('dryRun') ?? '')
      const location = { id: toId(type, target), type, target }
      if (isDry) {
        const exists = (await state.locations.list()).some(({ id }) => id === location.id)
        return toJsonAnswer({ exists, location: { ...location, id: `${type}:${target}` }, entities: await readEntities(state, type, target) }, 201)
      }
      if (!(await state.locations.add(location, ctx))) throw new BackstageError('ConflictError', `Location ${type}:${target} already exists`)
      await state.readFiles(ctx)
      return toJsonAnswer({ location, entities: [] }, 201)
    }),
    route('POST', '/locations/by-query', 'read', async (request) => toPage(await state.locations.list(), readJson(request))),
    route('GET', '/locations/{id}', 'read', async ({ params }) => toJsonAnswer(await find(params['id'] ?? ''))),
    route('DELETE', '/locations/{id}', 'admin', async ({ params }, ctx) => {
      const id = params['id'] ?? ''
      if (!(await state.locations.remove(id, ctx))) throw new BackstageError('NotFoundError', `Found no location with ID ${id}`)
      await state.readFiles(ctx)
      return { status: 204 }
    }),
    route('GET', '/locations/by-entity/{kind}/{namespace}/{name}', 'read', async ({ params }) => {
      const { kind = '', namespace = '', name = '' } = params
      const ref = formatRef({ kind, namespace, name })
      const entry = (await state.current()).entries.get(ref)
      if (entry === undefined) throw new BackstageError('NotFoundError', `found no ref ${ref}`)
      const origin = entry.entity.metadata.annotations?.['backstage.io/managed-by-location']?.replace(/^file:/, '')
      for (const location of await state.locations.list()) if (location.type === 'file' && origin !== undefined && (await state.filesOf(location.target)).includes(origin)) return toJsonAnswer(location)
      throw new BackstageError('NotFoundError', `found no location for ref ${ref}`)
    }),
    route('POST', '/analyze-location', 'admin', async (request) => {
      const { location } = readJson(request)
      if (typeof location !== 'object' || location === null) throw new BackstageError('InputError', 'Malformed request: location is missing')
      const { type, target } = readLocation(location as Record<string, unknown>)
      const registered = new Set((await state.locations.list()).map(({ id }) => id))
      const found = type === 'file' ? (await state.readPlace(target)).flatMap(({ file, entities }) => entities.map(({ entity }) => ({ location: { type, target: file }, isRegistered: registered.has(toId(type, target)), entity }))) : []
      return toJsonAnswer({ existingEntityFiles: found, generateEntities: found.length > 0 ? [] : [{ entity: suggest(type, target), fields: [] }] })
    }),
  ]
}

function readLocation(body: Record<string, unknown>): { type: string; target: string } {
  const { type, target } = body
  if (typeof type !== 'string' || typeof target !== 'string' || target.trim() === '') throw new BackstageError('InputError', 'Malformed request: type and target must be texts')
  if (!types.includes(type)) throw new BackstageError('InputError', `Registered locations must be of type ${types.map((one) => `'${one}'`).join(', ')}, not '${type}'`)
  if (type === 'url') suggest(type, target)
  return { type, target: target.trim() }
}

function suggest(type: string, target: string): ReturnType<typeof suggestEntity> {
  try {
    return suggestEntity(type, target)
  } catch {
    throw new BackstageError('InputError', 'The given location.target is not a URL')
  }
}

/** What would be registered; a place that cannot be read is the caller's mistake. */
async function readEntities(state: CatalogState, type: string, target: string): Promise<unknown[]> {
  if (type === 'url') throw new BackstageError('InputError', `Unable to read url ${target}: this catalog reads files only; use type 'file'`)
  const readings = await state.readPlace(target)
  const [fault] = readings.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error'))
  if (fault !== undefined) throw new BackstageError('InputError', `${fault.file}:${fault.line}:${fault.column} ${fault.message}`)
  return readings.flatMap(({ entities }) => entities.map(({ entity }) => entity))
}

function toPage(all: readonly RegisteredLocation[], body: Record<string, unknown>): RawResponse {
  const { query, limit = PAGE, cursor } = body
  const accepts = query === undefined ? () => true : refusing(() => parsePredicate(query))
  const offset = typeof cursor === 'string' ? Number(Buffer.from(cursor, 'base64').toString('utf8')) : 0
  if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit < 0 || !Number.isSafeInteger(offset) || offset < 0) throw new BackstageError('InputError', 'Malformed limit or cursor')
  const matching = all.filter(({ id, type, target }) => accepts(new Map([['id', [id]], ['type', [type]], ['target', [target]]])))
  const next = offset + limit
  return toJsonAnswer({ items: matching.slice(offset, next), totalItems: matching.length, pageInfo: next < matching.length && limit > 0 ? { nextCursor: Buffer.from(String(next)).toString('base64') } : {} })
}

/** The same place has the same id, also when it is registered anew: a UUID (version 8, RFC 9562) of its hash. */
function toId(type: string, target: string): string {
  const hex = fingerprint(`location ${type}:${target}`) + fingerprint(`location ${type}:${target}#`)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
