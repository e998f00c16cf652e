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

  test('PO10 PO6 meanwhile it says what is happening, with the numbers that grow', async () => {
    server.scene = 'history'
    const { page, close } = await openPage(browser, server.url)
    const steps = page.getByRole('region', { name: 'What is happening' }).getByRole('listitem')
    await steps.first().waitFor()
    assert.match(await steps.first().innerText(), /^Reached\s+Invented listeners[\s\S]*1,204,118 events/)
    assert.match(await steps.last().innerText(), /^Not yet/)
    await close()
  })

  test('PO18 a win that waits is the greeting, and its link leads to where it is shipped', async () => {
    server.scene = 'won'
    const { page, close } = await openPage(browser, server.url)
    await page.getByText('The loop is turning, and one act waits for you.').waitFor()
    await page.getByText('1 win to ship').locator('visible=true').waitFor()
    await page.getByRole('link', { name: 'Ship it: list savers rose 92.5 %.' }).click()
    await page.waitForURL('**/experiments/home-shelves-v3')
    await close()
  })

  test('PO14 without a session one calm page says how to come in, and the wanted page follows', async () => {
    server.scene = 'out'
    const { page, close } = await openPage(browser, `${server.url}/events?q=played`, { reducedMotion: true })
    await page.getByRole('heading', { name: 'Come in with a link.' }).waitFor()
    assert.equal(await page.getByRole('alert').count(), 0)
    assert.deepEqual(await findBarriers(page), [])
    await page.getByLabel('Then open it, or paste it here').fill('http://127.0.0.1:7070/sign-in?link=rk_link_abc')
    // The door itself is the platform's; a page that is on the way out must arrive somewhere before its context can close.
    await page.route('**/sign-in?**', (route) => route.fulfill({ status: 200, contentType: 'text/html', body: 'in' }))
    const asked = page.waitForRequest('**/sign-in?**')
    await page.keyboard.press('Enter')
    assert.equal(new URL((await asked).url()).searchParams.get('next'), '/events?q=played')
    await page.getByText('in', { exact: true }).waitFor()
    await close()
  })

  test('PO14 a session that ends keeps the page that was open', async () => {
    server.scene = 'turning'
    const { page, close } = await openPage(browser, server.url)
    await page.getByText('26 h 14 min').first().waitFor()
    await page.evaluate('window.isTheSame = true')
    server.scene = 'out'
    await page.getByRole('heading', { name: 'Your session has ended.' }).waitFor()
    assert.equal(await page.getByText('26 h 14 min').first().isVisible(), false)
    server.scene = 'turning'
    await page.getByText('26 h 14 min').locator('visible=true').first().waitFor()
    assert.equal(await page.evaluate('window.isTheSame'), true)
    await close()
  })

  test('PO22 while Rondo does not answer the page says so, and goes on by itself', async () => {
    server.scene = 'turning'
    const { page, close } = await openPage(browser, server.url, { reducedMotion: true })
    await page.getByText('Live', { exact: true }).waitFor()
    await page.route('**/api/**', (route) => route.abort())
    await page.getByText('Rondo does not answer.').waitFor()
    assert.equal(await page.getByText('Live', { exact: true }).count(), 0)
    assert.deepEqual(await findBarriers(page), [])
    await page.unroute('**/api/**')
    await page.getByRole('button', { name: 'Try now' }).click()
    await page.getByText('Live', { exact: true }).waitFor()
    assert.equal(await page.getByText('Rondo does not answer.').count(), 0)
    await close()
  })

  test('PF91 while rooms are away home says which, lists them, and calls nothing live', async () => {
    server.scene = 'away'
    const { page, close } = await openPage(browser, server.url, { reducedMotion: true })
    await page.getByText('The events and pipelines rooms are away.').waitFor()
    const list = page.getByRole('region', { name: 'Needs attention' }).getByRole('listitem')
    await list.first().waitFor()
    assert.match(await list.first().innerText(), /events[\s\S]*does not answer at http:\/\/10\.0\.0\.5:7070/)
    assert.equal(await page.getByText('Live', { exact: true }).count(), 0)
    assert.equal(await page.getByText('Nothing needs you.').count(), 0)
    assert.deepEqual(await findBarriers(page), [])
    server.scene = 'turning'
    await page.getByText('four bars are behind').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await close()
  })

  test('PO23 a page whose code could not be fetched is there once the server answers', async () => {
    server.scene = 'turning'
    const { page, close } = await openPage(browser, server.url)
    await page.getByText('26 h 14 min').first().waitFor()
    const code = /events-page-.*\.(js|css)/
    await page.route(code, (route) => route.abort())
    await page.getByRole('navigation', { name: 'The loop' }).getByRole('link', { name: 'Events' }).click()
    await page.getByText('Could not open Events').waitFor()
    await page.unroute(code)
    const fetched = page.waitForResponse((response) => code.test(response.url()) && response.ok())
    await page.getByRole('button', { name: 'Try now' }).click()
    await fetched
    await page.getByText('Could not open Events').waitFor({ state: 'detached' })
    await close()
  })

  test('PO20 problems of the workspace stand on every page with file and line', async () => {
    server.scene = 'broken'
    for (const path of ['/', '/nowhere']) {
      const { page, close } = await openPage(browser, server.url + path)
      const notice = page.getByRole('status').filter({ hasText: 'in the workspace' })
      await notice.waitFor()
      assert.match(await notice.innerText(), /^1 problem[\s\S]*metrics\/listening\.ts:7 metric "minutes-listened"/)
      assert.deepEqual(await findBarriers(page), [])
      await close()
    }
  })

  test('UI26 letters typed before the palette has loaded stand in it', async () => {
    server.scene = 'turning'
    const { page, close } = await openPage(browser, server.url)
    let letThrough: () => void = () => undefined
    const held = new Promise<void>((resolve) => (letThrough = resolve))
    await page.route(/palette-.*\.js/, async (route) => {
      await held
      await route.continue()
    })
    await page.getByText('26 h 14 min').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('trak')
    await page.keyboard.press('Backspace')
    letThrough()
    const input = page.getByRole('combobox', { name: 'Find or do' })
    await input.waitFor()
    await page.keyboard.type('ck')
    assert.equal(await input.inputValue(), 'track')
    await page.getByRole('option', { name: /track-played/ }).waitFor()
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
    assert.deepEqual(troubles, [])
    await close()
  })

  test('UI34 the key right after Esc is heard by the page behind', async () => {
    server.scene = 'turning'
    const { page, close } = await openPage(browser, server.url)
    await page.getByText('26 h 14 min').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('heading', { name: 'Keys' }).waitFor()
    assert.equal(await page.getByRole('dialog').count(), 1)
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('e')
    await page.waitForURL('**/events')
    await close()
  })
})
