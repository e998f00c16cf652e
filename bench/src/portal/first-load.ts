// What a browser fetches before the portal's first page stands, compressed, and how long that takes on this machine.
import { createHost, createSilentLog } from '@rondo/host'
import { buildPortal, createPortalRoutes } from '@rondo/portal'
import { chromium } from 'playwright-core'
import type { BenchResult } from '../result.ts'

const BUDGET_BYTES = 250 * 1024
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const LOADS = 5

export async function run(): Promise<BenchResult[]> {
  const host = createHost({ services: [], raw: createPortalRoutes(await buildPortal({})), authenticate: async () => undefined, session: async () => undefined, log: createSilentLog(), bind: '127.0.0.1', port: 0 })
  const { url } = await host.listen()
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: ARGS })
  try {
    const loads: { bytes: number; ms: number }[] = []
    for (let load = 0; load < LOADS; load += 1) {
      const context = await browser.newContext()
      const page = await context.newPage()
      const session = await context.newCDPSession(page)
      let bytes = 0
      session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
      await session.send('Network.enable')
      const startedAt = performance.now()
      await page.goto(url, { waitUntil: 'networkidle' })
      const painted = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0)
      loads.push({ bytes, ms: painted || performance.now() - startedAt })
      await context.close()
    }
    const median = loads.toSorted((a, b) => a.ms - b.ms)[Math.floor(LOADS / 2)] ?? { bytes: 0, ms: 0 }
    return [
      { name: 'portal: first load, compressed', figure: `${(median.bytes / 1024).toFixed(1)} KiB`, reference: 'its budget of 250 KiB', ratio: median.bytes / BUDGET_BYTES, mark: '≤ 1', ok: median.bytes <= BUDGET_BYTES },
      { name: 'portal: first paint from an empty cache', figure: `${Math.round(median.ms)} ms` },
    ]
  } finally {
    await browser.close()
    await host.close()
  }
}
