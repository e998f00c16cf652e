// Whether the listeners are simulated, asked of the composition; pages mark invented people with it.
import { defineContract } from '@rondo/contract'
import { useRoute } from '@rondo/ui'
import { Type } from 'typebox'

const platformInfo = defineContract({
  service: 'platform',
  base: '/api/platform/v1',
  routes: { info: { method: 'GET', path: '/info', summary: 'What this deployment is', access: 'read', result: Type.Object({ world: Type.Object({ on: Type.Boolean() }) }) } },
})

/** False until known. */
export function useIsSimulated(): boolean {
  return useRoute(platformInfo, 'info', {}).data?.world.on === true
}
