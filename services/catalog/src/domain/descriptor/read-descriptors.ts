// Reads a descriptor file: every entity that can be used, and every problem with its place, in the order of the file.
import type { Problem } from '../../contract.ts'
import { DEFAULT_NAMESPACE, type Entity } from '../entity.ts'
import { refOf } from '../entity-ref.ts'
import { checkEntity } from './check-entity.ts'
import { readDocuments } from './read-documents.ts'

export type DescribedEntity = {
  ref: string
  entity: Entity
  file: string
  line: number
  /** Without errors; warnings may remain. */
  usable: boolean
}

export type Descriptors = { entities: DescribedEntity[]; problems: Problem[] }

/** `file` is only named in the answer. Never throws: whatever is wrong with `text` is a problem in the answer. */
export function readDescriptors(text: string, file: string): Descriptors {
  const entities: DescribedEntity[] = []
  const problems: Problem[] = []
  const seen = new Map<string, number>()
  for (const document of readDocuments(text)) {
    for (const fault of document.faults) {
      problems.push({
        severity: 'error',
        code: 'YAML_INVALID',
        message: `The YAML is broken: ${fault.message}.`,
        help: fault.code === 'DUPLICATE_KEY' ? 'Keep one of the two keys.' : 'Correct the text at this place.',
        file,
        line: fault.line,
        column: fault.column,
        ref: null,
      })
    }
    if (document.faults.length > 0 || document.value === null || document.value === undefined) continue
    const checked = checkEntity(document.value)
    const ref = checked.entity === undefined ? null : refOf(checked.entity)
    for (const finding of checked.findings) {
      const { path, ...rest } = finding
      problems.push({ ...rest, file, ...document.placeOf(path), ref })
    }
    if (checked.entity === undefined || ref === null) continue
    const { line } = document.placeOf([])
    const earlier = seen.get(ref)
    if (earlier !== undefined) {
      problems.push({
        severity: 'warning',
        code: 'ENTITY_TWICE',
        message: `"${ref}" is declared twice in this file; only the first one, in line ${earlier}, counts.`,
        help: 'Rename one of the two, or remove it.',
        file,
        ...document.placeOf(['metadata', 'name']),
        ref,
      })
      continue
    }
    seen.set(ref, line)
    entities.push({ ref, entity: normalise(checked.entity), file, line, usable: checked.findings.every((finding) => finding.severity !== 'error') })
  }
  return { entities, problems }
}

/** As Backstage does when it reads: the default namespace is written out. */
function normalise(entity: Entity): Entity {
  return { ...entity, metadata: { ...entity.metadata, namespace: entity.metadata.namespace ?? DEFAULT_NAMESPACE } }
}
