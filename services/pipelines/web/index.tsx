// The pages of pipelines in the portal; each is loaded when somebody opens it.
import { definePages } from '@rondo/ui'

export const pages = definePages([])
