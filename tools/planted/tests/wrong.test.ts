// Its test fails.
import { it } from 'node:test'

it('is wrong', () => {
  throw new Error('planted')
})
