// Variables of the environment, checked.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Type } from 'typebox'
import { readEnvironment } from './read-environment.ts'

const schema = Type.Object({ TOKEN: Type.Optional(Type.String({ minLength: 8 })), DEBUG: Type.Optional(Type.String()) })

it('takes the variables that are named, and empty ones as absent', () => {
  assert.deepEqual(readEnvironment(schema, { TOKEN: 'long enough', DEBUG: '', HOME: '/root' }), { TOKEN: 'long enough' })
})

it('names the variable that is wrong, and not its value', () => {
  assert.throws(() => readEnvironment(schema, { TOKEN: 'secret!' }), (error: Error & { code?: string }) => error.code === 'CONFIG_INVALID' && /TOKEN/.test(error.message) && !error.message.includes('secret!'))
})
