// A service's door as plain data: from one definition come the server's routes, the typed client and the OpenAPI page.
import type { Ctx } from '@rondo/context'
import type { Static, TObject, TSchema } from 'typebox'

/**
 * Who may call: everyone, holders of a write key (collector), of a client secret (flags); `read` and `admin` both take admin and service keys,
 * and tell apart what only looks from what changes something.
 */
export type Access = 'public' | 'write' | 'client' | 'read' | 'admin'

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

/** `path` is relative to the contract's base and names parameters as `{name}`. */
export type Route = {
  method: Method
  path: string
  summary: string
  access: Access
  params?: TObject
  query?: TObject
  body?: TSchema
  result: TSchema
  /** HTTP status of the good answer; 200 unless told. */
  status?: 200 | 201 | 202 | 204
}

export type Routes = Record<string, Route>

export type Contract<R extends Routes = Routes> = {
  /** The service's name, as in `/api/<service>/v1`. */
  service: string
  /** For instance "/api/experiments/v1". */
  base: string
  routes: R
}

type Fields<S> = S extends TObject ? Static<S> : unknown
type Body<S> = S extends TSchema ? { body: Static<S> } : unknown

/** Parameters of path and query in one flat object, and the body under `body`. */
export type Input<R extends Route> = Fields<R['params']> & Fields<R['query']> & Body<R['body']>
export type Output<R extends Route> = Static<R['result']>

/** What a service implements and what a client offers: one async function a route. */
export type Api<C extends Contract> = { [K in keyof C['routes']]: (input: Input<C['routes'][K]>, ctx: Ctx) => Promise<Output<C['routes'][K]>> }

export function defineContract<const R extends Routes>(contract: Contract<R>): Contract<R> {
  return contract
}
