// Checked configuration.
export { readConfig } from './read-config.ts'
export { readEnvironment } from './read-environment.ts'
