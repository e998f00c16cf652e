// One small drawing a kind of thing.
import { IconActivity, IconApi, IconBox, IconBrowser, IconDatabase, IconFlag, IconFlask, IconPackage, IconRoute, IconServer, IconSitemap, IconUser, IconUsers, IconWorld } from '@tabler/icons-react'
import type { EntityRow } from '@rondo/catalog/contract'
import { createElement } from 'react'
import { sayKind } from './entity-words.ts'
import styles from './catalog.module.css'

const byType: Record<string, typeof IconBox> = { service: IconServer, library: IconPackage, website: IconBrowser, 'event-type': IconActivity, 'data-endpoint': IconDatabase, 'data-pipeline': IconRoute, experiment: IconFlask, 'feature-flag': IconFlag, model: IconBox }
const byKind: Record<string, typeof IconBox> = { api: IconApi, group: IconUsers, user: IconUser, system: IconSitemap, domain: IconWorld, resource: IconDatabase }

export function findKindIcon({ kind, type }: Pick<EntityRow, 'kind' | 'type'>): typeof IconBox {
  return byType[type] ?? byKind[kind.toLowerCase()] ?? IconBox
}

export function KindWord({ row }: { row: Pick<EntityRow, 'kind' | 'type'> }) {
  return <span className={styles.kind}>{createElement(findKindIcon(row), { size: 15, stroke: 1.6 })}{sayKind(row)}</span>
}
