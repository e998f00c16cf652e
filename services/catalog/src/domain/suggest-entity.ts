// A first descriptor for a place that has none, from its address alone.
import type { Entity } from './entity.ts'

const slugAnnotations: Record<string, string> = { 'github.com': 'github.com/project-slug', 'gitlab.com': 'gitlab.com/project-slug' }

/** Throws a TypeError for a target of type url that is no URL. */
export function suggestEntity(type: string, target: string): Entity {
  const url = type === 'url' ? new URL(target) : undefined
  const parts = (url?.pathname ?? target).split(/[\\/]/).filter((part) => part !== '')
  const [owner = '', repository = ''] = parts
  const last = parts.findLast((part) => !/\.ya?ml$/.test(part)) ?? 'unnamed'
  const name = (url !== undefined && repository !== '' ? repository : last).replace(/\.git$/, '').replaceAll(/[^-A-Za-z0-9_.]+/g, '-').slice(0, 63).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
  const slug = url === undefined || repository === '' ? undefined : slugAnnotations[url.hostname]
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: name === '' ? 'unnamed' : name, ...(slug === undefined ? {} : { annotations: { [slug]: `${owner}/${repository.replace(/\.git$/, '')}` } }) },
    spec: { type: 'other', lifecycle: 'unknown' },
  }
}
