// The types that clients compile against say what the schemas say.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import type { EventDefinition } from 'rondo'
import { writeTypeScript } from './write-typescript.ts'

const CHECKOUT = join(import.meta.dirname, '../../../..')

test('PF124 a schema becomes the type of what it takes: optional fields, choices, lists, open and closed objects, any name', () => {
  const schema = {
    type: 'object',
    required: ['orderId', 'lines'],
    additionalProperties: false,
    properties: {
      orderId: { type: 'string', description: 'Ours, not */ theirs' },
      source: { enum: ['web', "app's", 1, null] },
      'sent-to': { type: ['object', 'null'], required: ['city'], properties: { city: { type: 'string' } } },
      lines: { type: 'array', items: { anyOf: [{ type: 'integer' }, { type: 'boolean' }] } },
      rest: {},
      tags: { type: 'array' },
    },
  }
  const text = writeTypeScript([
    { type: 'order-placed', description: 'An order.', schema },
    { type: 'nothing', description: '', schema: { type: 'object', additionalProperties: false } },
  ])
  assert.equal(
    text.slice(text.indexOf('export')),
    `export type Events = {
  nothing: Record<string, never>
  /** An order. */
  'order-placed': {
    /** Ours, not * / theirs */
    orderId: string
    source?: 'web' | 'app\\'s' | 1 | null
    'sent-to'?: {
      city: string
      [more: string]: unknown
    } | null
    lines: (number | boolean)[]
    rest?: unknown
    tags?: unknown[]
  }
}`,
  )
})

test('PF125 what is written for the example workspace compiles, and is what its definitions say', { timeout: 60_000 }, async () => {
  await using folder = await createTempFolder()
  const files = await Promise.all(['listening', 'discovery'].map((name) => import(join(CHECKOUT, `examples/music/events/${name}.ts`)) as Promise<{ default: EventDefinition[] }>))
  const types = files.flatMap((file) => file.default).map(({ name, description = '', schema }) => ({ type: name, description, schema }))
  await writeFile(folder.join('package.json'), '{ "type": "module" }')
  await writeFile(folder.join('events.ts'), writeTypeScript(types))
  const from = (path: string): string => JSON.stringify(join(CHECKOUT, path))
  await writeFile(
    folder.join('client.ts'),
    `import type { EventsOf } from ${from('sdks/authoring/src/index.ts')}
    import type listening from ${from('examples/music/events/listening.ts')}
    import type discovery from ${from('examples/music/events/discovery.ts')}
    import { createRondo } from ${from('sdks/js/src/index.ts')}
    import type { Events } from './events.ts'
    type Defined = EventsOf<typeof listening> & EventsOf<typeof discovery>
    export const forth = (events: Events): Defined => events
    export const back = (events: Defined): Events => events
    const rondo = createRondo<Events>({ url: '' })
    rondo.track('search-made', { query: 'q', results: 1 })
    // @ts-expect-error results is missing
    rondo.track('search-made', { query: 'q' })`,
  )
  const settings = { extends: join(CHECKOUT, 'tsconfig.json'), compilerOptions: { noUnusedLocals: false, typeRoots: [join(CHECKOUT, 'node_modules/@types')] }, include: [], files: ['client.ts'] }
  await writeFile(folder.join('tsconfig.json'), JSON.stringify(settings))
  const { status, stdout } = spawnSync(process.execPath, [join(CHECKOUT, 'node_modules/typescript/bin/tsc'), '-p', folder.path], { encoding: 'utf8' })
  assert.equal(status, 0, stdout)
})
