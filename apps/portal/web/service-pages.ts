// The pages that services bring, in the order of the loop.
import { pages as catalogPages } from '@rondo/catalog/web'
import { pages as eventsPages } from '@rondo/events/web'
import { pages as experimentsPages } from '@rondo/experiments/web'
import { pages as pipelinesPages } from '@rondo/pipelines/web'
import { pages as recommendationsPages } from '@rondo/recommendations/web'
import type { PortalPage } from '@rondo/ui'

export const servicePages: PortalPage[] = [...eventsPages, ...pipelinesPages, ...recommendationsPages, ...experimentsPages, ...catalogPages]
