// From Backstage's query parameters, bodies and cursors to a question.
import { isRecord } from '@rondo/contract'
import { DEFAULT_PAGE, type EntityQuestion } from '../domain/query/query-entities.ts'
import type { OrderField } from '../domain/query/order.ts'
import { BackstageError } from './backstage-answer.ts'

/** GET /entities/by-query. A cursor carries everything but fields and limit. */
export function readQueryQuestion(query: URLSearchParams): EntityQuestion {
  const cursor = query.get('cursor')
  const limit = readCount(query.get('limit'), 'limit')
  if (cursor !== null && cursor !== '') return readCursor(cursor, limit)
  const term = query.get('fullTextFilterTerm')
  const fields = readList(query, 'fullTextFilterFields')
  return {
    filter: query.getAll('filter'),
    orderFields: query.getAll('orderField').map(parseOrderField),
    offset: readCount(query.get('offset'), 'offset') ?? 0,
    limit: limit ?? DEFAULT_PAGE,
    ...(term === null ? {} : { fullText: { term, ...(fields.length === 0 ? {} : { fields }) } }),
  }
}

/** POST /entities/by-query. */
export function readBodyQuestion(body: Record<string, unknown>): EntityQuestion {
  const limit = readCount(body['limit'], 'limit')
  const { cursor, query, fullTextFilter } = body
  if (typeof cursor === 'string' && cursor !== '') return readCursor(cursor, limit)
  const orders = [body['orderBy'] ?? body['orderFields'] ?? body['orderField'] ?? []].flat() as unknown[]
  const text = isRecord(fullTextFilter) && typeof fullTextFilter['term'] === 'string' ? fullTextFilter : undefined
  const fields = text === undefined || !Array.isArray(text['fields']) ? [] : text['fields'].map(String)
  return {
    filter: ([body['filter'] ?? []].flat() as unknown[]).map(String),
    orderFields: orders.map((one) => (isRecord(one) ? toOrderField(String(one['field']), String(one['order'] ?? 'asc')) : parseOrderField(String(one)))),
    offset: readCount(body['offset'], 'offset') ?? 0,
    limit: limit ?? DEFAULT_PAGE,
    ...(query === undefined || query === null ? {} : { query }),
    ...(text === undefined ? {} : { fullText: { term: String(text['term']), ...(fields.length === 0 ? {} : { fields }) } }),
  }
}

/** GET /entities: everything, unless a limit is given. */
export function readListQuestion(query: URLSearchParams): EntityQuestion {
  const after = query.get('after')
  const limit = readCount(query.get('limit'), 'limit')
  if (after !== null && after !== '') return readCursor(after, limit)
  const orderFields = query.getAll('order').map((text) => {
    const [, order = '', field = ''] = /^(asc|desc):(.+)$/.exec(text) ?? []
    return toOrderField(field, order, text)
  })
  return { filter: query.getAll('filter'), orderFields, offset: readCount(query.get('offset'), 'offset') ?? 0, limit: limit ?? Number.MAX_SAFE_INTEGER }
}

export function writeCursor(question: EntityQuestion): string {
  return Buffer.from(JSON.stringify(question)).toString('base64')
}

/** Repeated, or separated by commas. */
export function readList(query: URLSearchParams, name: string): string[] {
  return query.getAll(name).flatMap((text) => text.split(',').map((one) => one.trim())).filter((one) => one !== '')
}

function readCursor(text: string, limit: number | undefined): EntityQuestion {
  try {
    const value = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as unknown
    if (isQuestion(value)) return limit === undefined ? value : { ...value, limit }
  } catch {
    // Not one of ours; told below.
  }
  throw new BackstageError('InputError', 'Malformed cursor, could not be parsed')
}

function isQuestion(value: unknown): value is EntityQuestion {
  if (!isRecord(value)) return false
  const { filter, orderFields, offset, limit } = value
  return Array.isArray(filter) && filter.every((one) => typeof one === 'string') && Array.isArray(orderFields) && orderFields.every((one) => isRecord(one) && typeof one['field'] === 'string') && Number.isInteger(offset) && Number.isInteger(limit)
}

/** "metadata.name,asc" */
function parseOrderField(text: string): OrderField {
  const at = text.lastIndexOf(',')
  return at === -1 ? toOrderField(text, 'asc') : toOrderField(text.slice(0, at), text.slice(at + 1), text)
}

function toOrderField(field: string, order: string, given: string = field): OrderField {
  if (field === '' || (order !== 'asc' && order !== 'desc')) throw new BackstageError('InputError', `Invalid order parameter '${given}', expected <field> with asc or desc`)
  return { field, order }
}

function readCount(value: unknown, name: string): number | undefined {
  if (value === null || value === undefined || value === '') return undefined
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 0) throw new BackstageError('InputError', `Invalid ${name}, must be an integer of at least 0, not '${String(value)}'`)
  return number
}
