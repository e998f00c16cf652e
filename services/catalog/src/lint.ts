// The linter alone, for the command and the checks of the house: nothing else of the room is loaded.
export { lintDescriptors, type LintedEntity, type LintResult } from './domain/descriptor/lint-descriptors.ts'
