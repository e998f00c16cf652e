// Every package has a valid descriptor, and an owner that the catalog knows.
import { readFile } from 'node:fs/promises'
import { posix, resolve } from 'node:path'
import { readDescriptors } from '@rondo/catalog/lint'
import { readPackages } from '../boundaries/packages.ts'
import { findFiles } from '../find-files.ts'
import type { Violation } from '../violation.ts'

/** Groups come from every `org/*.yaml` below `root`. Templates of new projects are not descriptors yet and are left out. */
export async function checkCatalog(root: string): Promise<Violation[]> {
  const files = await findFiles(root, (path) => /(^|\/)catalog-info\.yaml$/.test(path) || /(^|\/)org\/[^/]+\.yaml$/.test(path))
  const descriptors = await Promise.all(files.map(async (file) => ({ file, ...readDescriptors(await readFile(resolve(root, file), 'utf8'), file) })))
  const violations: Violation[] = []
  for (const { problems } of descriptors) {
    for (const { file, line, column, code, message, help } of problems) violations.push({ file, line, column, rule: code, message: `${message} ${help}` })
  }
  const known = new Set(descriptors.flatMap(({ entities }) => entities.map(({ ref }) => ref)))
  for (const { entities } of descriptors) {
    for (const { entity, file, line } of entities) {
      const owner = entity.spec?.['owner']
      if (typeof owner === 'string' && !known.has(toOwnerRef(owner))) {
        violations.push({ file, line, column: 1, rule: 'owner-known', message: `The owner "${owner}" of ${entity.metadata.name} is in no org/*.yaml. Name a squad that is, or add it there.` })
      }
    }
  }
  for (const { folder } of (await readPackages(root)).values()) {
    const file = posix.join(folder, 'catalog-info.yaml')
    if (!files.includes(file)) violations.push({ file, line: 1, column: 1, rule: 'described', message: `The package ${folder} has no catalog-info.yaml. Describe it, with its owner.` })
  }
  return violations
}

function toOwnerRef(owner: string): string {
  const kinded = owner.includes(':') ? owner : `group:${owner}`
  return (kinded.includes('/') ? kinded : kinded.replace(':', ':default/')).toLowerCase()
}
