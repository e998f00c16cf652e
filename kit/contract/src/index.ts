// Contracts: a service's door as data.
export { defineContract, type Access, type Api, type Contract, type Input, type Method, type Output, type Route, type Routes } from './contract.ts'
export { checkInput, checkValue, readFields } from './check.ts'
export { createHttpClient, type HttpClientOptions } from './http-client.ts'
export { createLocalClient } from './local-client.ts'
export { Attention, computeLateMs, LEAST_FOR_USUAL, Note, Pulse, State } from './pulse.ts'
export { orNull, rowsOf } from './shapes.ts'
export type { RawRequest, RawResponse, RawRoute } from './raw-route.ts'
export type { Authenticate, Job, Log, Metric, Peer, Service } from './service.ts'
