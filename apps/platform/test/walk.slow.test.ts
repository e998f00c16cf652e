// A walk through the whole portal in a real browser: over a house in which a small world has lived, and over one in which nothing has happened yet.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Locator } from 'playwright-core'
import { recommendationsContract } from '@rondo/recommendations/contract'
import { createSilentLog } from '@rondo/host'
import { WORLD_SIZES } from '@rondo/listeners'
import { buildPortal, createPortalRoutes } from '@rondo/portal'
import { noBrowser, openBrowser } from '@rondo/portal/open-browser'
import { createTempFolder, type TempFolder } from '@rondo/testing'
import { createHouseCtx, createPlatform, type Platform } from '../src/platform.ts'
import { loadWorkspace } from '../src/workspace/load-workspace.ts'
import { ALL_LOOKS, lookAtPage, openWalker, TWO_LOOKS, type Look, type Walker } from './look-at-page.ts'
import { MUSIC } from './music-copy.ts'
import { liveThrough, type SimulatedLife } from './simulated-life.ts'
import { EXPERIMENT, findUnwalked, listWalkedPages, tablesWithDrawer } from './walked-pages.ts'

const DIMENSIONS = { ...WORLD_SIZES.small, listeners: 60, artists: 60, tracks: 300 }

/** Walks all addresses with as many pages as there are walkers, and gathers what is wrong. */
async function walk(walkers: Walker[], url: string, addresses: string[], folder: string, looks: readonly Look[]): Promise<string[]> {
  const left = [...addresses]
  const wrong: string[] = []
  await Promise.all(walkers.map(async (walker) => {
    for (let path = left.shift(); path !== undefined; path = left.shift()) wrong.push(...(await lookAtPage(walker, url, path, folder, looks)))
  }))
  return wrong
}

async function openWalkers(browser: Browser, platform: Platform, url: string): Promise<Walker[]> {
  const one = async (): Promise<Walker> => openWalker(browser, url, await platform.access.createAdminLink(createHouseCtx()))
  return Promise.all([one(), one()])
}

describe('the portal over a house that lived three weeks', { skip: noBrowser }, () => {
  let life: SimulatedLife
  let browser: Browser
  let walkers: Walker[]
  let walker: Walker
  let user: string

  before(async () => {
    const raw = createPortalRoutes(await buildPortal({}), { access: 'read' })
    life = await liveThrough({ seed: 3, weeks: 3, dimensions: DIMENSIONS, trial: { afterDays: 7, days: 10 }, raw })
    life.platform.state.world = { on: true, size: 'small', phase: 'live', progress: 1, rate: 1 }
    user = (await life.platform.peer(recommendationsContract).listUsers({ limit: 1 }, life.ctx)).rows[0]?.user ?? ''
    browser = await openBrowser()
    walkers = await openWalkers(browser, life.platform, life.url)
    walker = walkers[0] as Walker
  })
  after(async () => {
    await browser?.close()
    await life?.[Symbol.asyncDispose]()
  })

  test('PF40 every page, tab and view is whole: light and dark, wide and narrow, with nothing wrong in console, network, text, width or for axe', async (context) => {
    const addresses = listWalkedPages(user)
    assert.deepEqual(await findUnwalked(addresses), [])
    const began = performance.now()
    assert.deepEqual(await walk(walkers, life.url, addresses, 'lived', ALL_LOOKS), [])
    context.diagnostic(`${addresses.length} addresses in 4 looks: ${((performance.now() - began) / 1000).toFixed(1)} s`)
  })

  test('PF41 every place of the sidebar leads to its page', async () => {
    const { page, settle, troubles } = walker
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(life.url)
    await settle()
    const links = page.locator('aside nav a')
    const count = await links.count()
    assert.ok(count >= 9, `${count} places`)
    for (let index = 0; index < count; index += 1) {
      const path = (await links.nth(index).getAttribute('href')) ?? ''
      await links.nth(index).click()
      await page.waitForURL(`${life.url}${path}`)
      await settle()
      assert.equal(await links.nth(index).getAttribute('aria-current'), 'page', path)
      assert.equal(await page.getByText('Nothing is at').count(), 0, path)
    }
    assert.deepEqual(troubles, [])
  })

  test('PF42 tables are walked by J and K; Enter opens the drawer, Esc closes it and gives focus back', async () => {
    const { page, settle, troubles } = walker
    const drawer = page.getByRole('dialog')
    const named = (key: string): Locator => page.getByRole('dialog', { name: key, exact: true })
    for (const path of tablesWithDrawer) {
      await page.goto(`${life.url}${path}`)
      await settle()
      const rows = page.locator('tr[data-key]')
      const first = rows.first()
      await first.locator('button').first().focus()
      await page.keyboard.press('Enter')
      const key = (await first.getAttribute('data-key')) ?? ''
      await named(key).waitFor()
      if ((await rows.count()) > 1) {
        await page.keyboard.press('j')
        await named((await rows.nth(1).getAttribute('data-key')) ?? '').waitFor()
        await page.keyboard.press('k')
        await named(key).waitFor()
      }
      await settle()
      assert.ok((await drawer.innerText()).length > 30, path)
      await page.keyboard.press('Escape')
      await drawer.waitFor({ state: 'detached' })
      await page.locator('tr:focus-within').waitFor()
      assert.equal(await page.locator('tr:focus-within').getAttribute('data-key'), key, path)
    }
    assert.deepEqual(troubles, [])
  })

  test('PF43 the palette finds a listener, an endpoint and an experiment, and goes there', async () => {
    const { page, settle, troubles } = walker
    for (const [typed, path] of [[user, `/listeners/${user}`], ['taste-weekly', '/data/taste-weekly'], [EXPERIMENT.slice(0, 14), `/experiments/${EXPERIMENT}`]] as const) {
      await page.goto(life.url)
      await settle()
      await page.keyboard.press('Control+k')
      await page.keyboard.type(typed)
      await page.getByRole('option', { name: path.split('/').at(-1) ?? '' }).first().click()
      await page.waitForURL(`${life.url}${path}`)
      await settle()
    }
    assert.deepEqual(troubles, [])
  })
})

describe('the portal over a house where nothing has happened', { skip: noBrowser }, () => {
  let folder: TempFolder
  let platform: Platform
  let browser: Browser
  let walkers: Walker[]
  let url: string

  before(async () => {
    folder = await createTempFolder()
    const workspace = await loadWorkspace(MUSIC)
    platform = await createPlatform({ workspace, dataFolder: folder.path, log: createSilentLog() })
    await platform.apply(workspace)
    await platform.settle()
    url = (await platform.listen({ bind: '127.0.0.1', port: 0, raw: createPortalRoutes(await buildPortal({}), { access: 'read' }) })).url
    browser = await openBrowser()
    walkers = await openWalkers(browser, platform, url)
  })
  after(async () => {
    await browser?.close()
    await platform?.close()
    await folder?.[Symbol.asyncDispose]()
  })

  test('PF44 every page is whole without a single event', async () => {
    assert.deepEqual(await walk(walkers, url, listWalkedPages('nobody').filter((path) => !path.startsWith('/listeners/')), 'empty', TWO_LOOKS), [])
  })

  test('PF45 what is empty says what to do', async () => {
    const { page, settle } = walkers[0] as Walker
    const silent: string[] = []
    for (const path of ['/', '/listeners', '/events/track-played', '/data/listening-daily?tab=partitions', '/data/runs', '/recommendations', `/experiments/${EXPERIMENT}`, '/decisions']) {
      await page.goto(`${url}${path}`)
      await settle()
      const main = await page.locator('main').innerText()
      if (!/npx rondo|Start the experiment|Send one|Show event types/.test(main)) silent.push(`${path}: ${main.slice(0, 300)}`)
    }
    assert.deepEqual(silent, [])
  })
})
