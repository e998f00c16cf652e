// The loop page in a real browser, against rooms that answer from typed tables.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { buildPortal, createPortalRoutes } from '../src/index.ts'
import { findBarriers } from './find-barriers.ts'
import { openFixtureServer, type FixtureServer } from './fixture-server.ts'
import { noBrowser, openBrowser, openPage } from './open-browser.ts'

const BUDGET_BYTES = 250 * 1024

describe('the loop page', { skip: noBrowser }, () => {
  let server: FixtureServer
  let browser: Browser

  before(async () => {
    const folder = await buildPortal()
    server = await openFixtureServer(createPortalRoutes(folder))
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  test('PO11 the first load stays under its budget, without trouble', async (context) => {
    server.scene = 'turning'
    const { page, troubles, close } = await openPage(browser, server.url)
    await page.getByText('26 h 14 min').first().waitFor()
    await page.evaluate('document.fonts.ready.then(() => undefined)')
    const bytes: number = await page.evaluate(`performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource')).filter((entry) => !entry.name.includes('/api/')).reduce((sum, entry) => sum + entry.transferSize, 0)`)
    context.diagnostic(`first load of home: ${(bytes / 1024).toFixed(1)} kB transferred`)
    assert.ok(bytes > 50_000 && bytes < BUDGET_BYTES, `${bytes} bytes transferred, allowed ${BUDGET_BYTES}`)
    assert.deepEqual(troubles, [])
    await close()
  })

  test('PO7 PO8 it says what is behind, and lists it with who is hurt', async () => {
    server.scene = 'turning'
    const { page, close } = await openPage(browser, server.url)
    await page.getByText('four bars are behind').waitFor()
    const list = page.getByRole('region', { name: 'Needs attention' }).getByRole('listitem')
    assert.equal(await list.count(), 4)
    assert.match(await list.first().innerText(), /listening-daily[\s\S]*Hurts Discover Weekly/)
    assert.match(await page.getByRole('region', { name: 'Learned' }).innerText(), /75\s%\s*learning rate/)
    await close()
  })

  test('PO9 a fresh platform says how to begin', async () => {
    server.scene = 'fresh'
    const { page, troubles, close } = await openPage(browser, server.url)
    await page.getByText('npx rondo up --world small').locator('visible=true').waitFor()
    await page.getByText('not closed yet').locator('visible=true').waitFor()
    assert.deepEqual(troubles, [])
    await close()
  })

  test('PO10 while history is written it says how far', async () => {
    server.scene = 'history'
    const { page, close } = await openPage(browser, server.url)
    const bar = page.getByRole('progressbar')
    await bar.waitFor()
    assert.equal(await bar.getAttribute('aria-valuenow'), '62')
    await close()
  })

  for (const scheme of ['light', 'dark'] as const) {
    test(`PO12 no barrier and no sideways scrolling at 1440, 1000, 390 and 320 px, ${scheme}`, async () => {
      server.scene = 'turning'
      for (const width of [1440, 1000, 390, 320]) {
        const { page, close } = await openPage(browser, server.url, { width, scheme, reducedMotion: true })
        await page.getByText('26 h 14 min').first().waitFor({ state: 'attached' })
        assert.deepEqual(await findBarriers(page), [], `${width} px`)
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width)
        await close()
      }
    })
  }

  test('PO13 the scheme is kept, and set before the first paint', async () => {
    server.scene = 'turning'
    const { page, close } = await openPage(browser, server.url, { scheme: 'light' })
    await page.getByRole('button', { name: /^Appearance/ }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Dark' }).click()
    assert.equal(await page.locator('html').getAttribute('data-mantine-color-scheme'), 'dark')
    await page.reload({ waitUntil: 'commit' })
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' })
    await close()
  })

  test('PO1 a page that does not exist says so, and offers the way back', async () => {
    server.scene = 'turning'
    const { page, close } = await openPage(browser, `${server.url}/nowhere/at/all`)
    await page.getByText('Nothing is at /nowhere/at/all.').waitFor()
    await page.getByRole('link', { name: 'Open the loop' }).click()
    await page.getByText('26 h 14 min').first().waitFor()
    await close()
  })

  test('UI24 the palette finds things of the catalog by keys alone', async () => {
    server.scene = 'turning'
    const { page, troubles, close } = await openPage(browser, server.url)
    await page.getByText('26 h 14 min').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await page.keyboard.type('t')
    await page.getByRole('option', { name: /track-played/ }).waitFor()
    assert.deepEqual(await findBarriers(page), [])
    await page.keyboard.press('Escape')
    await page.getByRole('combobox').waitFor({ state: 'detached' })
    await page.keyboard.press('?')
    await page.getByRole('heading', { name: 'Keys' }).waitFor()
    assert.deepEqual(troubles, [])
    await close()
  })
})
