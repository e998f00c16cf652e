// Its test passes, and leaves a timer open for ever.
import { it } from 'node:test'

it('is fine', () => {})
setInterval(() => {}, 1_000)
