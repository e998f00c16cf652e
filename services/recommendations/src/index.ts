// The recommendations room: what to hear next, and why.
export { createRecommendationsService, type RecommendationsDeps } from './service.ts'
export { EVALUATION_TABLES, evaluateTable, type EvaluationRow } from './use-cases/evaluate-table.ts'
