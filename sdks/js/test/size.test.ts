// What a page has to load for events.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bundleForPage } from '../packaging/bundle-for-page.ts'

const LIMIT_BYTES = 4096

test('JS22 the events part is under 4 KB in a page, minified and gzipped, and brings no flags along', async (t) => {
  const code = await bundleForPage(join(import.meta.dirname, '../src/browser.ts'))
  const sizeBytes = gzipSync(code, { level: 9 }).length
  t.diagnostic(`@rondo/js/browser: ${sizeBytes} bytes`)
  assert.ok(sizeBytes < LIMIT_BYTES, `${sizeBytes} bytes`)
  assert.ok(!code.includes('ofrep'))
  const withFlags = gzipSync(await bundleForPage(join(import.meta.dirname, 'page-with-flags.ts')), { level: 9 }).length
  t.diagnostic(`with flags: ${withFlags} bytes`)
  assert.ok(withFlags < 5120, `${withFlags} bytes with flags`)
})
