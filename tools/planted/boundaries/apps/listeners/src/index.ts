// Planted: the world reads the store instead of asking over HTTP.
import type { openRelational } from '@rondo/relational'

export type Cheat = typeof openRelational
