// Checked configuration.
export { readConfig } from './read-config.ts'
