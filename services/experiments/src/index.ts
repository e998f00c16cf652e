// Flags, experiments and what they teach.
export { createExperimentsService } from './service.ts'
export type { ExperimentsDeps } from './deps.ts'
export type { ExperimentsDatabase } from './store/tables.ts'
export { analyse, type AnalysisAnswer, type AnalysisCase } from './domain/analyse.ts'
export { compileFlag, type CompiledFlag, type Outcome, type Overlay, type RuleState } from './domain/flags/compile-flag.ts'
export { createAssigner, type Assigner } from './domain/flags/assign.ts'
export { carryRules } from './domain/flags/carry-rules.ts'
