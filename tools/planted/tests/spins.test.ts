// Its test never ends, never waits, and hears no signal.
import { it } from 'node:test'

process.on('SIGTERM', () => {})
it('spins', () => {
  for (;;);
})
