// The client of a service that runs in this process: same checks and errors as over HTTP, and no shared objects.
import { throwIfCancelled, type Ctx } from '@rondo/context'
import { toAppError } from '@rondo/errors'
import { checkInput } from './check.ts'
import type { Api, Contract } from './contract.ts'
import { copyAsJson } from './copy-as-json.ts'

export function createLocalClient<C extends Contract>(contract: C, api: Api<C>): Api<C> {
  const client: Record<string, (input: unknown, ctx: Ctx) => Promise<unknown>> = {}
  for (const [name, route] of Object.entries(contract.routes)) {
    const handle = api[name] as (input: unknown, ctx: Ctx) => Promise<unknown>
    client[name] = async (input, ctx) => {
      throwIfCancelled(ctx)
      try {
        const checked = checkInput(route, copyAsJson(input ?? {}) as Record<string, unknown>)
        return copyAsJson(await handle(checked, ctx))
      } catch (thrown) {
        throw toAppError(thrown)
      }
    }
  }
  return client as Api<C>
}
