// Where the browser walk goes: every page of the portal, its tabs and views, for one world; and whether a page was left out.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CHECKOUT } from '../src/cli/place.ts'

export const EXPERIMENT = 'discover-weekly-vs-popularity'

/** Paths of all pages and their parts; `user` is a listener of the world. */
export function listWalkedPages(user: string): string[] {
  return [
    '/',
    '/listeners',
    ...withTabs(`/listeners/${user}`, ['', 'popularity', 'history', 'weeks']),
    '/events',
    ...withTabs('/events/track-played', ['', 'buckets', 'dead', 'events', 'schema', 'readers', 'send']),
    '/events/track-played/dead', '/events/unknown/dead',
    '/erasure', `/erasure?user=${user}`,
    '/data', '/data?view=grid', '/data?view=graph',
    ...withTabs('/data/listening-daily', ['', 'partitions', 'columns', 'checks', 'runs', 'rows', 'made']),
    '/data/track-played',
    '/data/runs',
    '/ask', `/ask?sql=${encodeURIComponent('select userId, count(*) as plays from "track-played" group by all order by plays desc limit 5')}`,
    '/recommendations',
    ...withTabs('/experiments', ['', 'flags', 'metrics']),
    ...withTabs(`/experiments/${EXPERIMENT}`, ['', 'design', 'diary']),
    '/decisions', '/decisions?view=list',
    '/catalog', '/catalog?view=owners',
    ...withTabs('/catalog/component/default/rondo-example-music', ['', 'descriptor']),
  ]
}

/** Tables whose rows open a drawer. */
export const tablesWithDrawer = ['/events', '/data', '/experiments', '/experiments?tab=flags', '/catalog']

function withTabs(path: string, tabs: string[]): string[] {
  return tabs.map((tab) => (tab === '' ? path : `${path}?tab=${tab}`))
}

/** Patterns of pages, such as "/events/$type", of which no address is walked. */
export async function findUnwalked(addresses: string[]): Promise<string[]> {
  const services = await readdir(join(CHECKOUT, 'services'))
  const sources = await Promise.all(services.map((service) => readFile(join(CHECKOUT, 'services', service, 'web/index.tsx'), 'utf8').catch(() => '')))
  const patterns = sources.flatMap((source) => [...source.matchAll(/\bpath: '([^']+)'/g)].map((match) => match[1] ?? ''))
  const paths = addresses.map((address) => address.split('?')[0] ?? '')
  return patterns.filter((pattern) => !paths.some((path) => new RegExp(`^${pattern.replaceAll(/\$\w+/g, '[^/]+')}$`).test(path)))
}
