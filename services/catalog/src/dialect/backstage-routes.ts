// Backstage's catalog API, so that its published clients work against this catalog unchanged.
import type { Ctx } from '@rondo/context'
import type { RawRequest, RawResponse, RawRoute } from '@rondo/contract'
import type { CatalogState } from '../catalog-state.ts'
import type { CatalogIndex } from '../domain/catalog-index.ts'
import { checkEntity } from '../domain/descriptor/check-entity.ts'
import { findRef, formatRef } from '../domain/entity-ref.ts'
import { matchesFilter, parseFilter } from '../domain/query/filter.ts'
import { parsePredicate, type Predicate } from '../domain/query/predicate.ts'
import { projectFields } from '../domain/query/project-fields.ts'
import { countFacets, queryEntities, type EntityQuestion } from '../domain/query/query-entities.ts'
import { answer, BackstageError, readJson, refusing, toJsonAnswer } from './backstage-answer.ts'
import { readBodyQuestion, readList, readListQuestion, readQueryQuestion, writeCursor } from './read-question.ts'

const BASE = '/api/catalog'

export function createBackstageRoutes(state: CatalogState): RawRoute[] {
  const route = (method: RawRoute['method'], path: string, access: RawRoute['access'], handle: (request: RawRequest, index: CatalogIndex, ctx: Ctx) => RawResponse | Promise<RawResponse>): RawRoute => ({
    method,
    path: BASE + path,
    access,
    handle: (request, ctx) => answer(request, async () => handle(request, await state.current(), ctx)),
  })
  return [
    route('GET', '/entities', 'read', listEntities),
    route('GET', '/entities/by-query', 'read', ({ query }, index) => toPage(index, refusing(() => readQueryQuestion(query)), readList(query, 'fields'))),
    route('POST', '/entities/by-query', 'read', (request, index) => {
      const body = readJson(request)
      return toPage(index, refusing(() => readBodyQuestion(body)), readFields(body['fields']))
    }),
    route('POST', '/entities/by-refs', 'read', listByRefs),
    route('GET', '/entities/by-name/{kind}/{namespace}/{name}', 'read', ({ params }, index) => toJsonAnswer(getByName(index, params).entity)),
    route('GET', '/entities/by-name/{kind}/{namespace}/{name}/ancestry', 'read', ({ params }, index) => {
      const { ref, entity } = getByName(index, params)
      return toJsonAnswer({ rootEntityRef: ref, items: [{ entity, parentEntityRefs: [] }] })
    }),
    route('GET', '/entities/by-uid/{uid}', 'read', ({ params }, index) => {
      const entry = [...index.entries.values()].find(({ entity }) => entity.metadata.uid === params['uid'])
      if (entry === undefined) throw new BackstageError('NotFoundError', `No entity with uid ${params['uid']}`)
      return toJsonAnswer(entry.entity)
    }),
    route('GET', '/entity-facets', 'read', ({ query }, index) => {
      const facets = query.getAll('facet').filter((facet) => facet !== '')
      if (facets.length === 0) throw new BackstageError('InputError', 'Missing facet parameter')
      const filter = refusing(() => parseFilter(query.getAll('filter')))
      return toFacets(index, facets, (terms) => matchesFilter(terms, filter))
    }),
    route('POST', '/entity-facets', 'read', (request, index) => {
      const { facets, query } = readJson(request)
      const names = readFields(facets)
      if (names.length === 0) throw new BackstageError('InputError', 'facets must be a list of fields')
      return toFacets(index, names, readPredicate(query))
    }),
    route('POST', '/validate-entity', 'read', validateEntity),
    route('POST', '/refresh', 'read', async (request, _index, ctx) => {
      readJson(request)
      await state.readFiles(ctx)
      return { status: 200 }
    }),
  ]
}

function listEntities({ query, url }: RawRequest, index: CatalogIndex): RawResponse {
  const question = refusing(() => readListQuestion(query))
  const { entries, next } = refusing(() => queryEntities(index, question, 'last'))
  const fields = readList(query, 'fields')
  if (next === undefined) return toJsonAnswer(entries.map(({ entity }) => projectFields(entity, fields)))
  const search = new URLSearchParams(query)
  search.delete('offset')
  search.set('after', writeCursor(next))
  return toJsonAnswer(entries.map(({ entity }) => projectFields(entity, fields)), 200, { link: `<${url.split('?', 1)[0]}?${search}>; rel="next"` })
}

function toPage(index: CatalogIndex, question: EntityQuestion, fields: string[]): RawResponse {
  const { entries, total, next, previous } = refusing(() => queryEntities(index, question, 'drop'))
  return toJsonAnswer({
    items: entries.map(({ entity }) => projectFields(entity, fields)),
    totalItems: total,
    pageInfo: { ...(next === undefined ? {} : { nextCursor: writeCursor(next) }), ...(previous === undefined ? {} : { prevCursor: writeCursor(previous) }) },
  })
}

function listByRefs(request: RawRequest, index: CatalogIndex): RawResponse {
  const body = readJson(request)
  const refs = body['entityRefs']
  if (!Array.isArray(refs) || refs.some((ref) => typeof ref !== 'string')) throw new BackstageError('InputError', 'entityRefs must be a list of references')
  const filter = refusing(() => parseFilter(request.query.getAll('filter')))
  const fields = [...readFields(body['fields']), ...readList(request.query, 'fields')]
  const predicate = readPredicate(body['query'])
  const items = (refs as string[]).map((text) => {
    const ref = findRef(text)
    const entry = ref === undefined ? undefined : index.entries.get(formatRef(ref))
    return entry === undefined || !matchesFilter(entry.terms, filter) || !predicate(entry.terms) ? null : projectFields(entry.entity, fields)
  })
  return toJsonAnswer({ items })
}

function getByName(index: CatalogIndex, params: Record<string, string>): { ref: string; entity: unknown } {
  const { kind = '', namespace = '', name = '' } = params
  const entry = index.entries.get(formatRef({ kind, namespace, name }))
  if (entry === undefined) throw new BackstageError('NotFoundError', `No entity named '${name}' found, with kind '${kind}' in namespace '${namespace}'`)
  return entry
}

/** 200 without a body, or 400 with the errors. */
function validateEntity(request: RawRequest): RawResponse {
  const { entity, location } = readJson(request)
  const errors = checkEntity(entity)
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ message, help }) => ({ name: 'InputError', message: `${message} ${help}` }))
  if (typeof location !== 'string' || !/^(url|file):.+/.test(location)) errors.push({ name: 'TypeError', message: `Invalid location ref '${String(location)}', expected for example url:https://host/path` })
  return errors.length === 0 ? { status: 200 } : toJsonAnswer({ errors }, 400)
}

function toFacets(index: CatalogIndex, facets: string[], accept: Predicate): RawResponse {
  return toJsonAnswer({ facets: countFacets([...index.entries.values()].filter(({ terms }) => accept(terms)), facets) })
}

/** Without a query everything passes. */
function readPredicate(query: unknown): Predicate {
  return query === undefined || query === null ? () => true : refusing(() => parsePredicate(query))
}

function readFields(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
