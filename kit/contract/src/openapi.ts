// The OpenAPI 3.1 page of a contract, made from the same data as its routes.
import type { Contract, Route } from './contract.ts'

export function toOpenApi(contract: Contract): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [name, route] of Object.entries(contract.routes)) {
    const path = contract.base + route.path
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: toOperation(contract, name, route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: `Rondo ${contract.service}`, version: '1' },
    paths,
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  }
}

function toOperation(contract: Contract, name: string, route: Route): Record<string, unknown> {
  const parameters = [
    ...toParameters('path', route.params),
    ...toParameters('query', route.query),
  ]
  const problem = { description: 'Problem', content: { 'application/problem+json': { schema: { type: 'object' } } } }
  return {
    operationId: `${contract.service}.${name}`,
    summary: route.summary,
    ...(route.access === 'public' ? {} : { security: [{ bearer: [] }] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }),
    responses: {
      [route.status ?? 200]: { description: 'Done', content: { 'application/json': { schema: route.result } } },
      default: problem,
    },
  }
}

function toParameters(place: 'path' | 'query', schema: Route['query']): Record<string, unknown>[] {
  if (schema === undefined) return []
  const required = new Set<string>(schema.required ?? [])
  return Object.entries(schema.properties).map(([name, type]) => ({ name, in: place, required: place === 'path' || required.has(name), schema: type }))
}
