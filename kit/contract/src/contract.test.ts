// One contract, called in process: checked, converted, and nothing shared.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCtx } from '@rondo/context'
import { Type } from 'typebox'
import { createLocalClient, defineContract, type Api } from './index.ts'

const greeting = defineContract({
  service: 'greeting',
  base: '/api/greeting/v1',
  routes: {
    greet: {
      method: 'POST',
      path: '/people/{name}',
      summary: 'Greets somebody',
      access: 'read',
      params: Type.Object({ name: Type.String({ minLength: 1 }) }),
      query: Type.Object({ times: Type.Optional(Type.Integer({ minimum: 1 })), tone: Type.Optional(Type.Union([Type.Literal('warm'), Type.Literal('cool')])) }),
      body: Type.Object({ tags: Type.Array(Type.String()) }),
      result: Type.Object({ text: Type.String(), tags: Type.Array(Type.String()) }),
    },
  },
})

const api: Api<typeof greeting> = {
  async greet({ name, times, body }) {
    return { text: `${'hello '.repeat(times ?? 1)}${name}`, tags: body.tags }
  },
}

test('CON1 the in-process client calls with checked input', async () => {
  const client = createLocalClient(greeting, api)
  assert.deepEqual(await client.greet({ name: 'Ada', times: 2, body: { tags: ['x'] } }, createCtx()), { text: 'hello hello Ada', tags: ['x'] })
})

test('CON2 wrong input is refused with its path', async () => {
  const client = createLocalClient(greeting, api)
  await assert.rejects(client.greet({ name: '', body: { tags: [] } }, createCtx()), { code: 'INVALID_INPUT' })
  await assert.rejects(client.greet({ name: 'x', tone: 'cold' as 'cool', body: { tags: [] } }, createCtx()), { message: 'query/tone must be one of "warm", "cool".' })
  await assert.rejects(client.greet({ name: 'x', body: { tags: [1 as never] } }, createCtx()), (error: Error) => error.message.startsWith('body/tags/0'))
})

test('CON3 no object is shared between caller and service', async () => {
  const client = createLocalClient(greeting, api)
  const tags = ['a']
  const answer = await client.greet({ name: 'x', body: { tags } }, createCtx())
  answer.tags.push('b')
  assert.deepEqual(tags, ['a'])
})
