// The pages of catalog in the portal; each is loaded when somebody opens it.
import { definePages } from '@rondo/ui'

export const pages = definePages([
  { path: '/catalog', title: 'Catalog', load: () => import('./catalog-page.tsx').then((module) => module.CatalogPage) },
  { path: '/catalog/$kind/$namespace/$name', title: 'Catalog entry', load: () => import('./entity-page.tsx').then((module) => module.EntityPage) },
])
