// The kit's parts in a real browser: table, drawer, facets, charts, palette.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { createPortalRoutes } from '../src/index.ts'
import { buildGallery } from './build-gallery.ts'
import { findBarriers } from './find-barriers.ts'
import { openFixtureServer, type FixtureServer } from './fixture-server.ts'
import { noBrowser, openBrowser, openPage } from './open-browser.ts'

describe('parts of the portal', { skip: noBrowser }, () => {
  let folder = ''
  let server: FixtureServer
  let browser: Browser

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rondo-gallery-'))
    server = await openFixtureServer(createPortalRoutes(await buildGallery(folder)))
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('UI18 of 260 rows only those near the window are drawn', async () => {
    const { page, troubles, close } = await openPage(browser, `${server.url}/events`)
    const rows = page.locator('tr[data-key]')
    await rows.first().waitFor()
    assert.ok((await rows.count()) < 120)
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)')
    await page.getByRole('button', { name: 'search-made-257' }).or(page.getByRole('button', { name: /-259/ })).first().waitFor()
    assert.deepEqual(troubles, [])
    await close()
  })

  test('UI19 rows open, walk and close by keys, and the URL follows', async () => {
    const { page, close } = await openPage(browser, `${server.url}/events`)
    await page.locator('tr[data-key]').first().waitFor()
    const peeked = () => new URL(page.url()).searchParams.get('peek')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'track-skipped' }).waitFor()
    assert.equal(peeked(), 'track-skipped')
    await page.keyboard.press('j')
    await page.getByRole('dialog', { name: 'recommendation-shown' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.equal(peeked(), null)
    await page.getByRole('button', { name: 'track-played 1-0-0' }).click()
    await page.getByRole('dialog', { name: 'track-played' }).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.waitForURL('**/events/track-played')
    await page.goBack()
    await page.getByRole('dialog', { name: 'track-played' }).waitFor()
    await close()
  })

  test('UI16 filters and facets are in the URL and react to each other', async () => {
    const { page, close } = await openPage(browser, `${server.url}/events`)
    await page.locator('tr[data-key]').first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('ad-heard')
    await page.waitForURL('**/events?q=ad-heard')
    await page.getByRole('button', { name: 'State' }).first().click()
    await page.getByRole('menuitemcheckbox', { name: /late/ }).click()
    await page.keyboard.press('Escape')
    await page.waitForURL('**state=late**')
    assert.ok((await page.locator('tr[data-key]').count()) > 0)
    for (const text of await page.locator('tr[data-key]').allInnerTexts()) assert.match(text, /ad-heard[\s\S]*Late/)
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.waitForURL((url) => url.search === '')
    await close()
  })

  test('UI15 a click on a head sorts, and says so', async () => {
    const { page, close } = await openPage(browser, `${server.url}/events`)
    await page.locator('tr[data-key]').first().waitFor()
    await page.getByRole('button', { name: 'Last event' }).click()
    await page.waitForURL('**sort=-seen**')
    await page.getByRole('button', { name: /Last event/ }).click()
    await page.waitForURL('**sort=seen**')
    assert.equal(await page.getByRole('columnheader', { name: /Last event/ }).getAttribute('aria-sort'), 'ascending')
    await close()
  })

  test('UI23 every chart can be shown as a table', async () => {
    const { page, close } = await openPage(browser, `${server.url}/experiments`)
    const buttons = page.getByRole('button', { name: 'Show as table' })
    await buttons.first().waitFor()
    const count = await buttons.count()
    assert.equal(count, 6)
    for (let index = 0; index < count; index++) await buttons.first().click()
    assert.equal(await page.getByRole('button', { name: 'Show as chart' }).count(), count)
    assert.equal(await page.getByRole('table').count(), count)
    await close()
  })

  test('UI24 the palette runs a verb by keys; G and a letter goes', async () => {
    const { page, close } = await openPage(browser, `${server.url}/events`)
    await page.locator('tr[data-key]').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Find or do' }).waitFor()
    await page.keyboard.type('replay')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/catalog')
    await page.keyboard.press('g')
    await page.keyboard.press('x')
    await page.waitForURL('**/experiments')
    await close()
  })

  test('UI35 the widest page fits at every width; at the bottom, what is not in the bar lights More', async () => {
    for (const width of [390, 768, 980, 1000]) {
      const { page, close } = await openPage(browser, `${server.url}/events`, { width, reducedMotion: true })
      await page.locator('tr[data-key]').first().waitFor()
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, `${width} px`)
      const bar = page.getByRole('navigation', { name: 'Main' })
      assert.equal(await bar.isVisible(), width <= 980, `${width} px`)
      const lit = width <= 980 ? await bar.locator('[aria-current]').allInnerTexts() : []
      assert.deepEqual(lit, width > 980 ? [] : [width === 390 ? 'More' : 'Events'], `${width} px`)
      await close()
    }
  })

  test('UI36 no title is cut, and a sum stands line by line on a phone', async () => {
    for (const width of [390, 768, 1000]) {
      const { page, close } = await openPage(browser, `${server.url}/events`, { width, reducedMotion: true })
      const title = page.getByRole('heading', { level: 1 })
      await title.waitFor()
      assert.equal(await title.evaluate((element) => element.scrollWidth <= element.clientWidth), true, `${width} px`)
      await close()
    }
    const { page, close } = await openPage(browser, `${server.url}/events`, { width: 390, reducedMotion: true })
    const tops = await Promise.all(['accepted in 24 h', 'delivered', 'duplicate', 'dead letters'].map(async (label) => (await page.getByText(label, { exact: true }).boundingBox())?.y ?? 0))
    assert.deepEqual(tops, tops.toSorted((a, b) => a - b))
    assert.equal(new Set(tops).size, 4)
    await close()
  })

  test('UI40 on a phone the tab that is open is within its bar, also when the page opens with it', async () => {
    const { page, close } = await openPage(browser, `${server.url}/experiments?tab=diary`, { width: 140 })
    const open = page.getByRole('navigation', { name: 'Parts of this page' }).locator('[aria-current]')
    await open.waitFor()
    const box = await open.boundingBox()
    assert.ok(box !== null && box.x >= 0 && box.x + box.width <= 140, JSON.stringify(box))
    assert.ok(Number(await page.evaluate(`document.querySelector('nav[aria-label="Parts of this page"]').scrollLeft`)) > 0)
    await close()
  })

  test('UI22 with reduced motion nothing moves', async () => {
    const { page, close } = await openPage(browser, `${server.url}/events`, { reducedMotion: true })
    await page.locator('tr[data-key]').first().waitFor()
    assert.equal(await page.evaluate('document.getAnimations().length'), 0)
    await close()
  })

  for (const scheme of ['light', 'dark'] as const) {
    test(`UI20 UI21 no barrier and no sideways scrolling, ${scheme}`, async () => {
      for (const path of ['/events?peek=track-played', '/experiments']) {
        for (const width of [1440, 390, 320]) {
          const { page, close } = await openPage(browser, server.url + path, { width, scheme, reducedMotion: true })
          await page.getByRole('heading', { level: 1 }).waitFor()
          assert.deepEqual(await findBarriers(page), [], `${path} at ${width} px`)
          assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, `${path} at ${width} px`)
          await close()
        }
      }
    })
  }
})
