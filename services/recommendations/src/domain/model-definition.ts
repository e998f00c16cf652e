// What the room's model is, and all it is made from: the code reads exactly this, and the catalog draws it.
import type { ModelDefinition } from '../contract.ts'
import { ACT_KINDS } from './act.ts'

/** Complete weeks of it are what the model learns. */
export const TASTE = 'taste-weekly'

export const discoverWeekly: ModelDefinition = {
  name: 'discover-weekly',
  owner: 'squad-discovery',
  description: 'Thirty tracks each Monday that a listener has never heard, learned from everybody’s taste.',
  learnsFrom: [TASTE],
  follows: ['track-released', ...ACT_KINDS.keys()],
}
