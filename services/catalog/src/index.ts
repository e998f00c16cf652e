// The catalog room: who owns every part, and how it is.
export { catalogContract, type EntityRow, type LiveFacts, type OwnerRow, type Problem, type RelationRow, type SearchRow } from './contract.ts'
export { createCatalogService, type CatalogDeps } from './service.ts'
