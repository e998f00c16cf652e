// The linter alone, for the command and the checks of the house: nothing else of the room is loaded.
import type { Problem } from './contract.ts'
import { readDescriptors } from './domain/descriptor/read-descriptors.ts'

export { readDescriptors, type DescribedEntity, type Descriptors } from './domain/descriptor/read-descriptors.ts'

/** Everything wrong with a descriptor file, in its order. `file` is only named in the answer. A warning does not make a file unusable. */
export function lintDescriptors(text: string, file: string): Problem[] {
  const { entities, problems } = readDescriptors(text, file)
  if (entities.length > 0 || problems.length > 0) return problems
  return [{ severity: 'error', code: 'FILE_EMPTY', message: 'There is no entity in this file.', help: 'Describe one (apiVersion, kind, metadata, spec), or remove the file.', file, line: 1, column: 1, ref: null }]
}
