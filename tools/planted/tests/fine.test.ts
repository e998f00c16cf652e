// Ends by itself, a little after its test.
import { it } from 'node:test'

it('is fine', () => {})
setTimeout(() => {}, 100)
