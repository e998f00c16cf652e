// How tests name the engines they need, and find them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTempFolder } from '@rondo/testing'
import { writeState, type EngineState } from '../engine-state.ts'
import { enginesOfFile, groupByEngines, isEngineTest } from '../engine-tests.ts'
import { engineUrl } from '../engine-url.ts'
import { findStartTicks } from '../process/process-tree.ts'

test('EN11 a test file is named for its engines, and is left to test:engines', () => {
  assert.deepEqual(enginesOfFile('stores/event-log/test/kafka.engine.test.ts'), ['kafka'])
  assert.deepEqual(enginesOfFile('apps/platform/test/s3+kafka-loop-of-two.engine.test.ts'), ['kafka', 's3'])
  assert.throws(() => enginesOfFile('stores/event-log/test/faults-kafka.engine.test.ts'), { message: /begins with "faults"/, help: /ENGINE\[\+ENGINE…\]/ })
  assert.deepEqual(['a/kafka.engine.test.ts', 'a/kafka.test.ts', 'a/engine.test.ts'].map(isEngineTest), [true, false, false])
})

test('EN11 files with the same engines run together, few engines before many', () => {
  assert.deepEqual(groupByEngines(['a/kafka+s3.engine.test.ts', 'a/s3.engine.test.ts', 'b/kafka-faults.engine.test.ts', 'b/s3+kafka-x.engine.test.ts', 'a/kafka.engine.test.ts']), [
    { engines: ['kafka'], files: ['b/kafka-faults.engine.test.ts', 'a/kafka.engine.test.ts'] },
    { engines: ['s3'], files: ['a/s3.engine.test.ts'] },
    { engines: ['kafka', 's3'], files: ['a/kafka+s3.engine.test.ts', 'b/s3+kafka-x.engine.test.ts'] },
  ])
})

test('EN12 a running engine is found by its variable or its set; none is a visible skip here and a failure where engines must be there', async () => {
  await using folder = await createTempFolder()
  const here = { ENGINES_SET: folder.path }
  assert.deepEqual(engineUrl('kafka', { ...here, ENGINES_KAFKA_URL: 'kafka://elsewhere:9092' }), { url: 'kafka://elsewhere:9092', skip: false })
  const skipped = { url: '', skip: 'kafka is not running: npm run engines -- up kafka' }
  assert.deepEqual(engineUrl('kafka', here), skipped)
  for (const variable of ['CI', 'RONDO_REQUIRE_ENGINES']) assert.throws(() => engineUrl('kafka', { ...here, [variable]: 'true' }), { code: 'ENGINES_NOT_RUNNING', help: 'Start it: npm run engines -- up kafka' })
  const state: EngineState = { version: '1', pid: process.pid, startTicks: findStartTicks(process.pid) ?? 0, ports: [1], url: 'kafka://127.0.0.1:1', env: {}, startedAt: '' }
  await writeState(folder.path, 'kafka', state)
  assert.deepEqual(engineUrl('kafka', here), { url: 'kafka://127.0.0.1:1', skip: false })
  await writeState(folder.path, 'kafka', { ...state, startTicks: state.startTicks + 1 })
  assert.deepEqual(engineUrl('kafka', here), skipped)
})
