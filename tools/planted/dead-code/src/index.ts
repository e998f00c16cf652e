// Planted: a file nobody imports, an export nobody uses, a dependency nobody needs.
import { used } from './partly-used.ts'

export const answer = used
