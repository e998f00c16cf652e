// NATS of a test's own.
import { testOwnEngine } from './own-engine.ts'

testOwnEngine('nats')
