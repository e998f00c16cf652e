// Pub/Sub of a test's own.
import { testOwnEngine } from './own-engine.ts'

testOwnEngine('pubsub')
